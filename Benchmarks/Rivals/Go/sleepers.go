// SPDX-License-Identifier: MIT
package main

import (
	"fmt"
	"log"
	"runtime"
	"sync"
	"time"
)

// Goroutines that are asleep all at once, and wake within the second that begins headStart seconds from now.
func measureSleepers(count, headStart int) {
	var woken sync.WaitGroup
	woken.Add(count)
	asleep := 0 // one thread runs Go code
	before := residentBytes()
	start := time.Now().Add(time.Duration(headStart) * time.Second)
	for i := 0; i < count; i++ {
		offset := uint64(uint32(i)*2654435761) * uint64(time.Second) >> 32
		end := start.Add(time.Duration(offset))
		go func() {
			asleep++
			time.Sleep(time.Until(end))
			woken.Done()
		}()
	}
	for asleep < count {
		runtime.Gosched()
	}
	growth := residentBytes() - before
	if time.Now().After(start) {
		log.Fatal("too many to be asleep all at once")
	}
	woken.Wait()
	fmt.Println(float64(processTime())/float64(count), float64(growth)/float64(count))
}
