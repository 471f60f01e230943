// SPDX-License-Identifier: MIT
@testable import Fibers
import Testing

/// Events that several threads share.
@Suite(.timeLimit(.minutes(1))) struct EventThreadsTests {
    @Test func `EV5: what happened before a notification is seen after the wait`() throws {
        try inFiber {
            let (there, back) = (Event(autoReset: true), Event(autoReset: true))
            let turns = Plain(0)
            let other = try Threads.spawn {
                for round in 0..<1000 {
                    try there.wait()
                    #expect(turns.value == 2 * round + 1)
                    turns.value += 1
                    back.notify()
                }
            }
            for round in 0..<1000 {
                turns.value += 1
                there.notify()
                try back.wait()
                #expect(turns.value == 2 * round + 2)
            }
            try other.wait()
        }
    }

    @Test func `EV5: what happened before a notification is seen by whoever sees the event set, or need not wait`()
        throws
    {
        try inFiber {
            for round in 0..<200 {
                let (event, data) = (Event(), Plain(0))
                let looker = try Threads.spawn {
                    while !event.isSet { try Fiber.yield() }
                    return data.value
                }
                let waiter = try Threads.spawn(on: .interactive) {
                    try event.wait()
                    return data.value
                }
                data.value = round
                event.notify()
                try #expect(looker.fetch() == round && waiter.fetch() == round)
            }
        }
    }

    @Test func `EV5: an event that lets one through at a time orders those of all threads`() throws {
        try inFiber {
            let (event, count) = (Event(autoReset: true), Plain(0))
            event.notify()
            _ = try onThreeThreads { _ in
                for _ in 0..<1000 {
                    try event.wait()
                    count.value += 1
                    event.notify()
                }
            }
            #expect(count.value == 3000 && event.isSet)
        }
    }

    @Test func `EV2: a notification wakes all who wait, on whatever threads, and a reset holds back none of them`()
        throws
    {
        try inFiber {
            let event = Event()
            let waiters = try (0..<10).map { try Threads.spawn(on: pools[$0 % 2], event.wait) }
            let here = Fiber.spawn(event.wait)
            try awaitWaiters(11, of: event)
            event.notify()
            event.reset()
            for waiter in waiters { try waiter.wait() }
            try here.wait()
            #expect(!event.isSet)
        }
    }

    @Test func `EV3: after a reset on another thread, a wait parks again`() throws {
        try inFiber {
            let event = Event()
            event.notify()
            try event.wait()
            try Threads.spawn { event.reset() }.wait()
            #expect(throws: TimeoutError.self) { try withTimeout(.zero, event.wait) }
        }
    }

    @Test func `EV4: each notification lets one through, in the order of waiting`() throws {
        try inFiber {
            let event = Event(autoReset: true)
            var waiters: [Threads.Fiber<Void>] = []
            for number in 0..<6 {
                try waiters.append(Threads.spawn(on: pools[number % 2], event.wait))
                try awaitWaiters(number + 1, of: event)
            }
            for number in 0..<6 {
                try Threads.spawn { event.notify() }.wait()
                try waiters[number].wait()
                #expect(waiters.count(where: \.isDone) == number + 1)
            }
        }
    }

    @Test func `a notification that meets an interruption lets somebody through all the same`() throws {
        try inFiber {
            let event = Event(autoReset: true)
            for _ in 0..<300 {
                let (leaver, stayer) = try (Threads.spawn(event.wait), Threads.spawn(on: .interactive, event.wait))
                try awaitWaiters(2, of: event)
                let canceller = try Threads.spawn { leaver.cancel() }
                event.notify()
                try canceller.wait()
                if failure(of: leaver.wait) == nil { event.notify() }
                try stayer.wait()
                #expect(!event.isSet)
            }
        }
    }
}
