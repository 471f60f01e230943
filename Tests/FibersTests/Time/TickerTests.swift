// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct TickerTests {
    @Test func `IO1: the times can be read, also when it is closed`() throws {
        try inFiber {
            let ticker = try Ticker(after: .seconds(2), every: .milliseconds(200))
            for _ in 0..<2 {
                #expect(ticker.timeout == .seconds(2) && ticker.interval == .milliseconds(200))
                ticker.close()
            }
            #expect(ticker.description == "Ticker(after: 2.0 seconds, every: 0.2 seconds) (closed)")
        }
    }

    @Test func `IO1: a negative time is an error that names it`() throws {
        try inFiber {
            let first = #expect(throws: ArgumentError.self) { try Ticker(after: .seconds(-1)) }
            #expect(first?.message == "a ticker cannot begin after -1.0 seconds: give a duration of zero or more")
            let second = #expect(throws: ArgumentError.self) { try Ticker(after: .zero, every: .seconds(-2)) }
            #expect(second?.message == "a ticker cannot tick every -2.0 seconds: give a duration of zero or more")
        }
    }

    @Test func `IO1: no tick comes early, and the times between them do not drift`() throws {
        try inFiber {
            let start = LoopClock.now
            let ticker = try Ticker(after: .milliseconds(2), every: .milliseconds(1))
            let first = try ticker.wait()
            #expect(start.duration(to: first) >= .milliseconds(2))
            for _ in 0..<5 {
                let tick = try ticker.wait()
                #expect(tick <= LoopClock.now)
                #expect(first.duration(to: tick).isMultiple(of: .milliseconds(1)))
            }
            #expect(start.duration(to: LoopClock.now) >= .milliseconds(7))
        }
    }

    @Test func `IO1: the shortest interval is no ticker that ticks once`() throws {
        try inFiber {
            let ticker = try Ticker(after: .zero, every: .nanoseconds(1))
            for _ in 0..<3 { try ticker.wait() }
            #expect(ticker.isOpen)
        }
    }

    @Test func `IO2: a tick wakes everybody who waits`() throws {
        try inFiber {
            let ticker = try Ticker(after: .milliseconds(2))
            let waiters = (0..<3).map { _ in Fiber.spawn { try ticker.wait() } }
            let ticks = try waiters.map { try $0.fetch() }
            #expect(Set(ticks).count == 1)
        }
    }

    @Test func `IO2: by default several ticks that were missed count as one`() throws {
        try inFiber {
            let interval = Duration.milliseconds(1)
            let ticker = try Ticker(after: .zero, every: interval)
            let first = try ticker.wait()
            spin(until: first.advanced(by: interval * 10))
            let noted = LoopClock.now
            let second = try ticker.wait()
            #expect(second.duration(to: noted) < interval)
            try #expect(ticker.wait() > noted)
        }
    }

    @Test func `ticks that were missed come all in a burst, if that is asked for`() throws {
        try inFiber {
            let ticker = try Ticker(after: .zero, every: .milliseconds(1), missed: .burst)
            let first = try ticker.wait()
            spin(until: first.advanced(by: .milliseconds(10)))
            for number in 1...10 { try #expect(ticker.wait() == first.advanced(by: .milliseconds(number))) }
        }
    }

    @Test func `after a delay, the next tick is a whole interval later, if that is asked for`() throws {
        try inFiber {
            let ticker = try Ticker(after: .zero, every: .milliseconds(1), missed: .delay)
            let first = try ticker.wait()
            spin(until: first.advanced(by: .milliseconds(10)))
            try #expect(ticker.wait() == first.advanced(by: .milliseconds(1)))
            try #expect(ticker.wait() >= first.advanced(by: .milliseconds(11)))
        }
    }

    @Test func `IO2 V9: a ticker that ticked once lets every later wait through`() throws {
        try inFiber {
            let ticker = try Ticker(after: .milliseconds(1))
            let tick = try ticker.wait()
            try #expect(ticker.wait() == tick)
            ticker.close()
            try #expect(ticker.wait() == tick)
        }
    }

    @Test func `IO2 IO4: closing gives ClosedError to everybody who waits and who will, and may be repeated`() throws {
        try inFiber {
            let ticker = try Ticker(after: .seconds(100))
            let waiters = (0..<3).map { _ in Fiber.spawn { try ticker.wait() } }
            try drain()
            ticker.close()
            ticker.close()
            for waiter in waiters { #expect(failure(of: waiter) is ClosedError) }
            #expect(throws: ClosedError.self) { try ticker.wait() }
        }
    }

    @Test func `IO3: a ticker is open until it was closed or has ticked for the last time`() throws {
        try inFiber {
            let once = try Ticker(after: .milliseconds(1))
            try once.wait()
            #expect(!once.isOpen)
            let again = try Ticker(after: .zero, every: .milliseconds(1))
            try again.wait()
            #expect(again.isOpen)
            again.close()
            #expect(!again.isOpen)
            try #expect(Ticker(after: .seconds(100)).isOpen)
        }
    }

    @Test func `IO5: a tick that was noted before the ticker was closed can still be taken, once`() throws {
        try inFiber {
            let ticker = try Ticker(after: .zero, every: .seconds(100))
            ticker.close()
            try ticker.wait()
            #expect(throws: ClosedError.self) { try ticker.wait() }
        }
    }

    @Test func `a loop over the ticks ends when the ticker is closed or has ticked for the last time`() throws {
        try inFiber {
            var count = 0
            let ticker = try Ticker(after: .zero, every: .milliseconds(1))
            for _ in ticker {
                count += 1
                if count == 3 { ticker.close() }
            }
            for _ in try Ticker(after: .milliseconds(1)) { count += 10 }
            #expect(count >= 13)
        }
    }

    @Test func `a cancelled wait takes no tick from the others`() throws {
        try inFiber {
            let ticker = try Ticker(after: .milliseconds(5))
            let waiters = (0..<2).map { _ in Fiber.spawn { try ticker.wait() } }
            try Fiber.yield()
            waiters[0].cancel()
            #expect(failure(of: waiters[0]) is CancellationError)
            try waiters[1].wait()
            #expect(throws: TimeoutError.self) {
                try withTimeout(.milliseconds(1)) { try Ticker(after: .seconds(100)).wait() }
            }
        }
    }

    @Test func `R17: a ticker that nobody waits for hides no deadlock, and one that is waited for is none`() throws {
        try inFiber {
            let ticker = try Ticker(after: .milliseconds(1), every: .seconds(100))
            #expect(throws: DeadlockError.self) { try Fiber.park() }
            try ticker.wait()
        }
    }
}

/// Keeps the thread busy.
func spin(until instant: LoopClock.Instant) {
    while LoopClock.now < instant {}
}

extension Duration {
    fileprivate func isMultiple(of unit: Duration) -> Bool {
        let count = (self / unit).rounded()
        return unit * Int(count) == self
    }
}
