// SPDX-License-Identifier: MIT
package main

import (
	"runtime"
	"sync"
)

// Goroutines that do nothing but yield.
func measureSwitch(count int) {
	measure(2_000_000, func(operations int) {
		var done sync.WaitGroup
		done.Add(count)
		for i := 0; i < count; i++ {
			go func() {
				for lap := 0; lap < operations/count; lap++ {
					runtime.Gosched()
				}
				done.Done()
			}()
		}
		done.Wait()
	})
}

// Goroutines that hand over a number, so many before the first is waited for.
func measureSpawn(count int) {
	measure(1_000_000, func(operations int) {
		results := make([]chan int, count)
		for batch := 0; batch < operations/count; batch++ {
			for i := range results {
				result := make(chan int, 1)
				go func() { result <- 1 }()
				results[i] = result
			}
			for _, result := range results {
				<-result
			}
		}
	})
}
