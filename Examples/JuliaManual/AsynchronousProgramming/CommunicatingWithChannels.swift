// SPDX-License-Identifier: MIT
// Manual, "Asynchronous Programming": a producer whose values come out of a channel.

import Fibers

// Strings and numbers, as in the manual, hence `Any`; most channels have elements of one type.
private func producer(_ channel: Channel<Any>) throws {
    try channel.put("start")
    for number in 1...4 { try channel.put(2 * number) }
    try channel.put("stop")
}

/// A task is bound to a channel and fills it; its values are taken one by one.
func takeFromProducer() throws {
    let channel = Channel<Any>.producing(producer)
    for _ in 1...6 { debugPrint(try channel.take()) }
}

/// The channel closes when the producer has finished, and that ends the loop.
func loopOverProducer() throws {
    for value in Channel<Any>.producing(producer) { print(value) }
}

private func myTask(_ argument: Int) -> String { "my task got \(argument)" }

/// A task takes no arguments: whatever it needs is captured by a closure. What the macro does needs nothing else.
func passArgumentToTask() throws {
    let task = Fiber { myTask(7) }
    print(try task.schedule().fetch())
}

/// The same for a producer, whose one argument is the channel.
func passArgumentToProducer() throws {
    func multiples(of factor: Int, into channel: Channel<Int>) throws {
        for number in 1...3 { try channel.put(number * factor) }
    }
    let channel = Channel<Int>.producing { try multiples(of: 7, into: $0) }
    print(try channel.collect())
}
