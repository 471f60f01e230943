// SPDX-License-Identifier: MIT
// API page, "Synchronization" and "Channels": what can be done with one. The REPL lets tasks run between inputs, which
// is what the yields are for.

import Fibers

/// A task waits until there is something to take, and leaves it there.
func waitForChannel() throws {
    let c = Channel<Int>(capacity: 1)
    print(c.isReady)
    let task = Fiber { try c.wait() }
    task.schedule()
    try Fiber.yield()
    print(task.isDone)
    try c.put(1)
    try Fiber.yield()
    print(task.isDone)
}

/// With a buffer, put and take need no other task.
func putAndTakeBuffered() throws {
    let c = Channel<Int>(capacity: 1)
    try c.put(1)
    print(try c.take())
}

/// Without one, each waits for the other.
func putAndTakeUnbuffered() throws {
    let c = Channel<Int>(capacity: 0)
    let task = Fiber { try c.put(1) }
    task.schedule()
    print(try c.take())
}

/// Ready means that something is in the buffer.
func askWhetherReady() throws {
    let c = Channel<Int>(capacity: 1)
    print(c.isReady)
    try c.put(1)
    print(c.isReady)
}

/// Without a buffer, ready means that a task waits with an element.
func askWhetherReadyUnbuffered() throws {
    let c = Channel<Int>()
    print(c.isReady)
    let task = Fiber { try c.put(1) }
    task.schedule()
    try Fiber.yield()
    print(c.isReady)
    print(try c.take())
}

/// Fetching removes nothing.
func fetchFromChannel() throws {
    let c = Channel<Int>.producing(capacity: 3) { channel in
        for number in 1...3 { try channel.put(number) }
    }
    print(try c.fetch())
    print(try c.collect())
}

/// The channel closes when the task that is bound to it has finished.
func bindChannel() throws {
    let c = Channel<Int>(capacity: 0)
    let task = Fiber.spawn { for number in 1...4 { try c.put(number) } }
    c.bind(to: task)
    for i in c { print("i =", i) }
    print(c.isOpen)
}

/// If the task fails, whoever uses the channel gets its failure.
func bindChannelToFailingTask() throws {
    let c = Channel<Int>(capacity: 0)
    let task = Fiber.spawn(name: "failing") {
        try c.put(1)
        throw Failure("foo")
    }
    c.bind(to: task)
    print(try c.take())
    do { try c.put(1) } catch let error as FiberFailedError { print(error) }
}
