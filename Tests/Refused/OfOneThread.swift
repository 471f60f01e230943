// SPDX-License-Identifier: MIT
// What belongs to one thread does not leave it: the compiler refuses each of these lines (rows TH6 and TH7).
import Fibers

func conditionsStay() throws {
    let condition = Condition<Void>()
    // expected-error@+1 {{capture of 'condition' with non-Sendable type 'Condition<Void>' in a '@Sendable' closure}}
    try Threads.spawn { condition.notify() }
}

func fibersStay() throws {
    let fiber = Fiber.spawn { 1 }
    // expected-error@+1 {{capture of 'fiber' with non-Sendable type 'Fiber<Int>' in a '@Sendable' closure}}
    try Threads.spawn { try fiber.fetch() }
}

func valuesThatAreNotSendableStay(_ value: AnyFiber) throws {
    let channel = Channel<AnyFiber>()
    // expected-error@+1 {{capture of 'channel' with non-Sendable type 'Channel<AnyFiber>' in a '@Sendable' closure}}
    try Threads.spawn { try channel.put(Fiber.current) }
    let lockable = Lockable(value)
    // expected-error@+1 {{capture of 'lockable' with non-Sendable type 'Lockable<AnyFiber>' in a '@Sendable' closure}}
    try Threads.spawn { try lockable.withLock { _ in } }
}

/// All of this is accepted.
func whatThreadsShareLeaves(_ group: FiberGroup) throws {
    let (channel, event, semaphore) = (Channel<Int>(), Event(), Semaphore(1))
    let (lock, lockable, condition) = (ReentrantLock(), Lockable(0), Threads.Condition<Int>())
    let fiber = try Threads.spawn {}
    try Threads.spawn {
        try channel.put(1)
        event.notify()
        try semaphore.withPermit { try lock.withLock {} }
        try lockable.withLock { $0 += 1 }
        try condition.withLock { _ = condition.notify(1) }
        group.cancelAll()
        try fiber.wait()
    }
}
