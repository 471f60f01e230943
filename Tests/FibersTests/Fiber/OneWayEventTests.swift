// SPDX-License-Identifier: MIT
import Fibers
import Synchronization
import Testing

/// An event of one waiter and one notifier that happens once, made of nothing but `park` and `schedule`.
private final class OneWayEvent {
    enum State: UInt8, AtomicRepresentable {
        case empty, waiting, notifying
    }

    let state = Atomic(State.empty)
    private var waiter: AnyFiber?

    /// Between the exchange and the park nothing may switch: the notifier schedules whoever it finds.
    func wait() throws {
        waiter = Fiber.current
        let (isFirst, _) = state.compareExchange(expected: .empty, desired: .waiting, ordering: .acquiringAndReleasing)
        if isFirst { try Fiber.park() }
    }

    func notify() {
        let before = state.exchange(.notifying, ordering: .acquiringAndReleasing)
        if before == .waiting { waiter?.schedule() }
    }
}

@Suite struct OneWayEventTests {
    @Test func `O1: a notification that comes first lets the wait return at once`() throws {
        try inFiber {
            let event = OneWayEvent()
            var didSwitch = false
            Fiber.spawn { didSwitch = true }
            event.notify()
            try event.wait()
            #expect(!didSwitch)
        }
    }

    @Test func `O1: a wait that comes first ends with the notification`() throws {
        try inFiber {
            let event = OneWayEvent()
            let waiter = Fiber.spawn { try event.wait() }
            try drain()
            #expect(waiter.isStarted && waiter.state == .runnable)
            event.notify()
            #expect(waiter.state == .queued)
            try waiter.wait()
        }
    }

    @Test func `O2: the notifier goes on first, then the waiter`() throws {
        try inFiber {
            let event = OneWayEvent()
            var log: [String] = []
            try withFiberGroup { group in
                group.spawn {
                    try event.wait()
                    log.append("done")
                }
                try Fiber.yield()
                log.append("notifying...")
                event.notify()
                log.append("notified")
            }
            #expect(log == ["notifying...", "notified", "done"])
        }
    }

    @Test func `O3: a second notification leaves the next wait of the fiber to its owner`() throws {
        try inFiber {
            let event = OneWayEvent()
            let waiter = Fiber.spawn {
                try event.wait()
                return try Fiber.park() as? String
            }
            try Fiber.yield()
            event.notify()
            event.notify()
            try drain()
            event.notify()
            #expect(waiter.state == .runnable && !waiter.isDone)
            try #expect(waiter.schedule(passing: "owner").fetch() == "owner")
        }
    }

    @Test func `O4: the exchange happens if the state is as expected, and tells what it was`() {
        let event = OneWayEvent()
        func exchange() -> (exchanged: Bool, original: OneWayEvent.State) {
            event.state.compareExchange(expected: .empty, desired: .waiting, ordering: .relaxed)
        }
        #expect(exchange() == (true, .empty))
        #expect(exchange() == (false, .waiting))
        #expect(event.state.load(ordering: .relaxed) == .waiting)
    }
}
