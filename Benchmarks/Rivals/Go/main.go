// SPDX-License-Identifier: MIT
package main

import (
	"log"
	"os"
	"runtime"
	"strconv"
)

// One thread runs Go code, since there is one core.
func main() {
	runtime.GOMAXPROCS(1)
	switch name := os.Args[1]; name {
	case "echo":
		echo()
	case "switch":
		measureSwitch(number(2))
	case "spawn":
		measureSpawn(number(2))
	case "channel-0":
		measureRoundTrip()
	case "channel-32":
		measureStream()
	case "skynet":
		measureSkynet(number(2))
	case "sleepers":
		measureSleepers(number(2), number(3))
	case "processes":
		measureProcesses(number(2), number(3), os.Args[4])
	case "processes-captured":
		measureCaptures(number(2), os.Args[3])
	default:
		log.Fatalf("no such workload: %s", name)
	}
}

func number(index int) int {
	value, err := strconv.Atoi(os.Args[index])
	if err != nil {
		log.Fatal(err)
	}
	return value
}
