// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct TimedWaitTests {
    @Test(arguments: [Duration.zero, .seconds(-1), .seconds(3600)])
    func `W16: a test that is true at once is asked once and parks nobody`(timeout: Duration) throws {
        try inFiber {
            var (calls, others) = (0, 0)
            Fiber.spawn { others += 1 }
            let result = try timedWait(timeout: timeout) {
                calls += 1
                return true
            }
            #expect(result == .ok && calls == 1 && others == 0)
        }
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func `W16: without time there are two calls, one interval apart`(timeout: Duration) throws {
        try inFiber {
            var calls = 0
            let start = LoopClock.now
            let result = try timedWait(timeout: timeout, pollInterval: .milliseconds(2)) {
                calls += 1
                return false
            }
            #expect(result == .timedOut && calls == 2)
            #expect(start.duration(to: LoopClock.now) >= .milliseconds(2))
        }
    }

    @Test func `W16: ten intervals make eleven calls, and the time is not shorter than asked`() throws {
        try inFiber {
            var calls = 0
            let start = LoopClock.now
            let result = try timedWait(timeout: .milliseconds(10), pollInterval: .milliseconds(1)) {
                calls += 1
                return false
            }
            #expect(result == .timedOut)
            // Fewer when this thread was kept waiting: intervals missed are skipped.
            #expect((2...11).contains(calls))
            #expect(start.duration(to: LoopClock.now) >= .milliseconds(10))
        }
    }

    @Test func `W16: it ends soon after the test has become true`() throws {
        try inFiber {
            var isReady = false
            Fiber.spawn {
                try Fiber.sleep(for: .milliseconds(2))
                isReady = true
            }
            let result = try timedWait(timeout: .seconds(3600), pollInterval: .milliseconds(1)) { isReady }
            #expect(result == .ok)
        }
    }

    @Test func `W16: at the last interval a true test wins over the time`() throws {
        try inFiber {
            var calls = 0
            let result = try timedWait(timeout: .zero, pollInterval: .milliseconds(1)) {
                calls += 1
                return calls == 2
            }
            #expect(result == .ok)
        }
    }

    @Test(arguments: [Duration.microseconds(999), .zero, .seconds(-1)])
    func `W16: too short an interval is an error before the test is asked`(interval: Duration) throws {
        try inFiber {
            var calls = 0
            let error = #expect(throws: ArgumentError.self) {
                try timedWait(timeout: .seconds(1), pollInterval: interval) {
                    calls += 1
                    return true
                }
            }
            #expect(error?.message.contains("at least 1 millisecond") == true)
            #expect(calls == 0)
        }
    }

    @Test(arguments: [1, 2])
    func `W16: an error of the test comes out bare`(call: Int) throws {
        try inFiber {
            var calls = 0
            #expect(throws: Failure.self) {
                try timedWait(timeout: .seconds(1), pollInterval: .milliseconds(1)) {
                    calls += 1
                    if calls == call { throw Failure("expected") }
                    return false
                }
            }
            #expect(calls == call)
        }
    }

    @Test func `W16: intervals that pass while the test runs are skipped`() throws {
        try inFiber {
            var calls = 0
            let result = try timedWait(timeout: .milliseconds(4), pollInterval: .milliseconds(1)) {
                calls += 1
                let end = LoopClock.now.advanced(by: .microseconds(2_500))
                while LoopClock.now < end {}
                return false
            }
            #expect(result == .timedOut && calls <= 3)
        }
    }

    @Test func `W16: intervals and limits without end overflow nothing`() throws {
        try inFiber {
            let fiber = Fiber.spawn {
                try timedWait(timeout: .seconds(Int64.max), pollInterval: .seconds(Int64.max)) { false }
            }
            try Fiber.sleep(for: .milliseconds(1))
            fiber.cancel()
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
        }
    }
}
