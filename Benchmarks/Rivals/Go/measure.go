// SPDX-License-Identifier: MIT
package main

import (
	"fmt"
	"log"
	"os"
	"syscall"
)

// Nanoseconds of CPU that the process has used.
func processTime() int64 {
	usage := resourceUsage()
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func peakResidentBytes() int64 { return resourceUsage().Maxrss * 1024 }

func resourceUsage() (usage syscall.Rusage) {
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return usage
}

func residentBytes() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		log.Fatal(err)
	}
	var all, resident int64
	if _, err := fmt.Sscan(string(text), &all, &resident); err != nil {
		log.Fatal(err)
	}
	return resident * int64(os.Getpagesize())
}

// Prints what an operation takes, after a tenth of them to warm up.
func measure(operations int, body func(operations int)) {
	body(operations / 10)
	start := processTime()
	body(operations)
	fmt.Println(float64(processTime()-start) / float64(operations))
}
