// SPDX-License-Identifier: MIT
// Manual, "Asynchronous Programming": several writers and readers, capacity, closing.

import Fibers

/// Several tasks take from one channel, work, and put into another.
func workBetweenChannels() throws {
    let c1 = Channel<Int>(capacity: 32)
    let c2 = Channel<Int>(capacity: 32)
    func foo() throws {
        while true {
            let data = try c1.take()
            let result = data * data
            try c2.put(result)
        }
    }
    let workers = (1...3).map { _ in Fiber.spawn(foo).monitorErrors() }
    for number in 1...6 { try c1.put(number) }
    for _ in 1...6 { print(try c2.take()) }
    for worker in workers { worker.cancel() }  // else they would wait for ever
}

/// The two constructors: for elements of any type, and of one.
func constructChannels() throws {
    print(Channel<Any>(capacity: 32))
    print(Channel<String>(capacity: 64))
}

/// Tasks that wait with an element count, so more can be there than fit.
func overfillChannel() throws {
    let channel = Channel<Int>(capacity: 1)
    for number in 1...3 { Fiber.spawn { try channel.put(number) } }
    try Fiber.yield()
    print(channel)
    print(try (1...3).map { _ in try channel.take() })
}

/// Nothing can be put into a closed channel.
func putIntoClosedChannel() throws {
    let c = Channel<Int>(capacity: 2)
    try c.put(1)
    c.close()
    do { try c.put(2) } catch { print(error) }
}

/// What a closed channel holds can still be looked at, any number of times, and taken once.
func takeFromClosedChannel() throws {
    let c = Channel<Int>(capacity: 2)
    try c.put(1)
    c.close()
    print(try c.fetch())
    print(try c.fetch())
    print(try c.take())
    do { print(try c.take()) } catch { print(error) }
}
