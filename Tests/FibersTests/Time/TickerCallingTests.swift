// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct TickerCallingTests {
    @Test func `IO5: calls never overlap`() throws {
        try inFiber {
            var log: [String] = []
            let isOver = Event()
            let ticker = try Ticker(after: .zero, every: .milliseconds(1)) { ticker in
                log.append("begin")
                try Fiber.sleep(for: .milliseconds(3))
                log.append("end")
                if log.count == 6 {
                    ticker.close()
                    isOver.notify()
                }
            }
            try isOver.wait()
            #expect(log == ["begin", "end", "begin", "end", "begin", "end"])
            #expect(!ticker.isOpen)
        }
    }

    @Test func `IO5: if it is closed before the loop notes that a tick is due, it is not called`() throws {
        try inFiber {
            var count = 0
            let (ticker, start) = try parkedTicker { _ in count += 1 }
            spin(until: start.advanced(by: .milliseconds(11)))
            ticker.close()
            try Fiber.sleep(for: .milliseconds(1))
            #expect(count == 0)
        }
    }

    @Test func `IO5: if it is closed after that, it is called one last time`() throws {
        try inFiber {
            var log: [String] = []
            let (ticker, start) = try parkedTicker { _ in log.append("call") }
            let closer = Fiber.spawn {
                try Fiber.sleep(until: start)
                ticker.close()
                log.append("closed")
            }
            try Fiber.yield()
            spin(until: LoopClock.now.advanced(by: .milliseconds(11)))
            try closer.wait()
            try drain()
            // Unless the loop woke the closer before the tick was due.
            #expect(log == ["closed", "call"] || log == ["closed"])
        }
    }

    /// A ticker whose fiber waits for the first tick, 10 ms after `start` at the earliest.
    private func parkedTicker(
        calling body: @escaping (Ticker) throws -> Void
    ) throws -> (Ticker, start: LoopClock.Instant) {
        while true {
            let start = LoopClock.now
            let ticker = try Ticker(after: .milliseconds(10), every: .milliseconds(1), calling: body)
            try Fiber.yield()
            if LoopClock.now < start.advanced(by: .milliseconds(5)) { return (ticker, start) }
            ticker.close()
        }
    }

    @Test func `IO4 IO5: it may close itself, and then is called no more, whatever it has missed`() throws {
        try inFiber {
            var count = 0
            let ticker = try Ticker(after: .zero, every: .milliseconds(1), missed: .burst) { ticker in
                count += 1
                spin(until: LoopClock.now.advanced(by: .milliseconds(3)))
                ticker.close()
            }
            while ticker.isOpen { try Fiber.yield() }
            try Fiber.sleep(for: .milliseconds(2))
            #expect(count == 1)
        }
    }

    @Test func `IO5: an error is reported and ends the calls, but not the ticker`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                var count = 0
                let ticker = try Ticker(after: .zero, every: .milliseconds(1), file: "M/F.swift", line: 1) { _ in
                    count += 1
                    if count == 2 { throw Failure("no paper") }
                }
                while count < 2 { try Fiber.sleep(for: .milliseconds(1)) }
                for _ in 0..<3 { try ticker.wait() }
                #expect(count == 2)
                #expect(ticker.isOpen)
            }
        }
        #expect(errorOutput(of: result) == "Unhandled error in fiber \"ticker\", spawned at M/F.swift:1: no paper\n")
    }

    @Test func `IO5: a ticker that ticks once calls once`() throws {
        try inFiber {
            var count = 0
            let ticker = try Ticker(after: .milliseconds(1)) { _ in count += 1 }
            try ticker.wait()
            try Fiber.sleep(for: .milliseconds(2))
            #expect(count == 1)
        }
    }

    @Test func `IO6: one that begins after 2, ticks every 0.2 and is closed 0.5 after the first calls thrice`() throws {
        try inFiber {
            for unit in [Duration.milliseconds(10), .milliseconds(40), .milliseconds(160), .milliseconds(640)] {
                var calls: [LoopClock.Instant] = []
                let ticker = try Ticker(after: unit, every: unit / 5) { _ in calls.append(LoopClock.now) }
                let first = try ticker.wait()
                try Fiber.sleep(until: first.advanced(by: unit / 2))
                ticker.close()
                let end = LoopClock.now
                try drain()
                // On a busy machine everything may come late: then again, more slowly.
                let isLate = first.duration(to: end) >= unit * 0.55
                #expect(calls.count == 3 || isLate || calls.contains { !isOnTime($0, after: first, unit / 5) })
                if calls.count == 3 { return }
            }
        }
    }

    private func isOnTime(_ call: LoopClock.Instant, after first: LoopClock.Instant, _ interval: Duration) -> Bool {
        let passed = first.duration(to: call) / interval
        return passed - passed.rounded(.down) < 0.3
    }
}
