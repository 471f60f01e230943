// SPDX-License-Identifier: MIT
package main

import (
	"log"
	"os"
	"runtime"
)

// One thread runs Go code, since there is one core.
func main() {
	runtime.GOMAXPROCS(1)
	workloads := map[string]func(){
		"echo": echo,
	}
	run, isKnown := workloads[os.Args[1]]
	if !isKnown {
		log.Fatalf("no such workload: %s", os.Args[1])
	}
	run()
}
