// SPDX-License-Identifier: MIT
package main

// A put and a take in each direction, through two channels without buffers.
func measureRoundTrip() {
	measure(1_000_000, func(operations int) {
		ping, pong := make(chan int), make(chan int)
		go func() {
			for element := range ping {
				pong <- element
			}
		}()
		for trip := 0; trip < operations; trip++ {
			ping <- trip
			<-pong
		}
		close(ping)
	})
}

// An element through a channel with room for 32.
func measureStream() {
	measure(5_000_000, func(operations int) {
		elements := make(chan int, 32)
		go func() {
			for number := 0; number < operations; number++ {
				elements <- number
			}
			close(elements)
		}()
		for range elements {
		}
	})
}
