// SPDX-License-Identifier: MIT
package main

import (
	"fmt"
	"log"
	"time"
)

// A tree of goroutines, ten to a branch, that sum their numbers through channels.
func measureSkynet(leaves int) {
	start := time.Now()
	result := make(chan int, 1)
	go sum(0, leaves, result)
	if <-result != leaves*(leaves-1)/2 {
		log.Fatal("the sum is wrong")
	}
	nanoseconds := float64(time.Since(start).Nanoseconds())
	fmt.Println(nanoseconds/float64(leaves), float64(peakResidentBytes())/float64(leaves))
}

func sum(first, leaves int, result chan<- int) {
	if leaves == 1 {
		result <- first
		return
	}
	parts := make(chan int, 10)
	for i := 0; i < 10; i++ {
		go sum(first+i*leaves/10, leaves/10, parts)
	}
	total := 0
	for i := 0; i < 10; i++ {
		total += <-parts
	}
	result <- total
}
