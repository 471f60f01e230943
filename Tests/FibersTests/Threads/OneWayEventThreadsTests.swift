// SPDX-License-Identifier: MIT
import Fibers
import Synchronization
import Testing

/// An event of one waiter and one notifier on another thread, made of an atomic, `park` and a handle's `schedule`.
private final class OneWayEvent: Sendable {
    private enum State: UInt8, AtomicRepresentable {
        case empty, waiting, notifying
    }

    private let state = Atomic(State.empty)

    func wait() throws {
        let (isFirst, _) = state.compareExchange(expected: .empty, desired: .waiting, ordering: .acquiringAndReleasing)
        if isFirst { try Fiber.park() }
    }

    /// Whoever comes second knows of the other: only a waiter that has come is scheduled, parked by now or not.
    func notify(_ waiter: Threads.Fiber<Int>) {
        if state.exchange(.notifying, ordering: .acquiringAndReleasing) == .waiting { waiter.schedule() }
    }
}

@Suite struct OneWayEventThreadsTests {
    @Test func `O1 O3: between threads, whoever comes first, the waiter goes on and sees what came before`() throws {
        try inFiber {
            for round in 0..<1000 {
                let event = OneWayEvent()
                let value = Atomic(0)
                let waiter = try Threads.spawn {
                    try event.wait()
                    return value.load(ordering: .relaxed)
                }
                if round.isMultiple(of: 2) { try Fiber.yield() }
                value.store(round, ordering: .relaxed)
                event.notify(waiter)
                try #expect(waiter.fetch() == round)
            }
        }
    }
}
