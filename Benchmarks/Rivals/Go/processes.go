// SPDX-License-Identifier: MIT
package main

import (
	"fmt"
	"log"
	"os/exec"
	"sync"
	"time"
)

// Children that run to their end, so many at once.
func measureProcesses(count, atOnce int, path string) {
	measureWallTime(count, func() {
		permits := make(chan struct{}, atOnce)
		var done sync.WaitGroup
		for i := 0; i < count; i++ {
			permits <- struct{}{}
			done.Add(1)
			go func() {
				if err := exec.Command(path).Run(); err != nil {
					log.Fatal(err)
				}
				<-permits
				done.Done()
			}()
		}
		done.Wait()
	})
}

// Children whose output is read.
func measureCaptures(count int, path string) {
	measureWallTime(count, func() {
		for i := 0; i < count; i++ {
			if _, err := exec.Command(path).Output(); err != nil {
				log.Fatal(err)
			}
		}
	})
}

func measureWallTime(operations int, body func()) {
	start := time.Now()
	body()
	fmt.Println(float64(time.Since(start).Nanoseconds()) / float64(operations))
}
