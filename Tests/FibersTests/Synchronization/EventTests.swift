// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct EventTests {
    /// Spawns fibers that wait, one after the other, and then log their number.
    private func spawnWaiters(_ numbers: ClosedRange<Int>, on event: Event, log: @escaping (Int) -> Void) throws {
        for number in numbers {
            Fiber.spawn {
                try event.wait()
                log(number)
            }
        }
        try Fiber.yield()
    }

    @Test func `EV1 W7: an event starts unset, and after one notification every wait returns at once`() throws {
        try inFiber {
            let event = Event()
            #expect(!event.isSet)
            event.notify()
            #expect(event.isSet)
            for _ in 0..<2 { try event.wait() }
            #expect(event.isSet)
        }
    }

    @Test func `EV1 W7: a wait parks while the event is not set`() throws {
        try inFiber {
            let event = Event()
            let fiber = Fiber.spawn { try event.wait() }
            try drain()
            #expect(fiber.state == .waiting)
            event.notify()
            try fiber.wait()
        }
    }

    @Test func `EV2: notify wakes all in the order they came, never runs them, and may be repeated`() throws {
        try inFiber {
            let event = Event()
            var log: [Int] = []
            try spawnWaiters(1...3, on: event) { log.append($0) }
            for _ in 0..<3 { event.notify() }
            #expect(log.isEmpty)
            try Fiber.yield()
            #expect(log == [1, 2, 3])
        }
    }

    @Test func `EV3: those who were woken return although a reset follows, a later one parks`() throws {
        try inFiber {
            let event = Event()
            var log: [Int] = []
            try spawnWaiters(1...2, on: event) { log.append($0) }
            event.notify()
            event.reset()
            try spawnWaiters(3...3, on: event) { log.append($0) }
            try drain()
            #expect(log == [1, 2])
            event.notify()
            try drain()
            #expect(log == [1, 2, 3])
        }
    }

    @Test func `EV3: resetting an event that is not set changes nothing`() throws {
        try inFiber {
            let event = Event()
            event.reset()
            let fiber = Fiber.spawn { try event.wait() }
            try Fiber.yield()
            event.reset()
            #expect(fiber.state == .waiting)
            event.notify()
            try fiber.wait()
        }
    }

    @Test func `EV4: an event that resets itself keeps at most one notification`() throws {
        try inFiber {
            let event = Event(autoReset: true)
            for _ in 0..<2 { event.notify() }
            #expect(event.isSet)
            try event.wait()
            #expect(!event.isSet)
            #expect(throws: DeadlockError.self) { try event.wait() }
        }
    }

    @Test func `EV4: each notification lets exactly the longest waiter through, and none is kept`() throws {
        try inFiber {
            let event = Event(autoReset: true)
            var log: [Int] = []
            try spawnWaiters(1...3, on: event) { log.append($0) }
            event.notify()
            #expect(!event.isSet)
            try drain()
            #expect(log == [1])
            for _ in 0..<2 { event.notify() }
            try drain()
            #expect(log == [1, 2, 3] && !event.isSet)
        }
    }

    @Test func `EV4: a newcomer does not take the notification of a fiber that was woken`() throws {
        try inFiber {
            let event = Event(autoReset: true)
            var log: [Int] = []
            try spawnWaiters(1...1, on: event) { log.append($0) }
            let newcomer = Fiber.spawn { try event.wait() }
            event.notify()
            try drain()
            #expect(log == [1] && newcomer.state == .waiting)
            event.notify()
            try newcomer.wait()
        }
    }

    @Test func `EV4: a reset forgets the notification that was kept`() throws {
        try inFiber {
            let event = Event(autoReset: true)
            event.notify()
            event.reset()
            #expect(throws: DeadlockError.self) { try event.wait() }
        }
    }

    @Test func `an event tells its name and whether it is set, and goes away when nobody holds it`() throws {
        try inFiber {
            weak var leftOver: Event?
            func use() throws {
                let event = Event(name: "ready")
                leftOver = event
                let fiber = Fiber.spawn { try event.wait() }
                try Fiber.yield()
                #expect("\(event)" == "Event \"ready\" (not set)")
                event.notify()
                #expect("\(event)" == "Event \"ready\" (set)" && "\(Event())" == "Event (not set)")
                try fiber.wait()
            }
            try use()
            #expect(leftOver == nil)
        }
    }
}
