// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct FiberResultTests {
    @Test func `W13 T9: fetch returns what the body returned, as often as asked`() throws {
        try inFiber {
            let fiber = Fiber.spawn { 42 }
            try #expect(fiber.fetch() == 42)
            try #expect(fiber.fetch() == 42)
        }
    }

    @Test func `T9: a class instance comes back as the same instance`() throws {
        try inFiber {
            let failure = Failure("not thrown")
            let fiber = Fiber.spawn { failure }
            try #expect(fiber.fetch() === failure)
            try #expect(fiber.fetch() === failure)
        }
    }

    @Test func `T9 W2: every wait throws the same error instance with the same fiber`() throws {
        try inFiber {
            let failure = Failure("expected")
            let fiber = Fiber.spawn { throw failure }
            for _ in 0..<3 {
                let error = #expect(throws: FiberFailedError.self) { try fiber.wait() }
                #expect(error?.error as? Failure === failure)
                #expect(error?.fiber === fiber)
            }
            #expect(fiber.failure as? Failure === failure)
        }
    }

    @Test func `T11 W2: every waiter gets the value, and every waiter the failure`() throws {
        try inFiber {
            let good = Fiber.spawn { 1 }
            let bad = Fiber<Int>.spawn { throw Failure("expected") }
            let sums = (0..<3).map { _ in Fiber.spawn { try good.fetch() + 1 } }
            let failures = (0..<3).map { _ in Fiber.spawn { (try? bad.fetch()) == nil } }
            try #expect(sums.map { try $0.fetch() } == [2, 2, 2])
            try #expect(failures.map { try $0.fetch() } == [true, true, true])
        }
    }

    @Test func `R12: fetching from a finished fiber does not park`() throws {
        try inFiber {
            let finished = Fiber.spawn { 5 }
            try finished.wait()
            var others = 0
            Fiber.spawn { others += 1 }
            try #expect(finished.fetch() == 5)
            #expect(others == 0)
        }
    }

    @Test func `W2: waiting for oneself is a violation, and the fiber goes on`() throws {
        try inFiber {
            let fiber = Fiber.spawn {
                #expect(throws: ConcurrencyViolationError.self) { try Fiber.current.wait() }
                return 3
            }
            try #expect(fiber.fetch() == 3)
            let error = #expect(throws: ConcurrencyViolationError.self) { try Fiber.current.wait() }
            #expect(error?.message.hasPrefix("deadlock detected: cannot wait on current fiber") == true)
        }
    }

    @Test func `W2: waiting for a fiber that is scheduled later ends when it ends`() throws {
        try inFiber {
            let late = Fiber { "late" }
            let waiter = Fiber.spawn { try late.fetch() }
            try Fiber.yield()
            #expect(late.state == .runnable && !late.isStarted)
            late.schedule()
            try #expect(waiter.fetch() == "late")
        }
    }

    @Test func `NW7: waitUntilDone waits, throws no failure, and refuses oneself`() throws {
        try inFiber {
            let failing = Fiber.spawn { throw Failure("expected") }
            try failing.waitUntilDone()
            #expect(failing.failure is Failure)
            try failing.waitUntilDone()
            #expect(throws: ConcurrencyViolationError.self) { try Fiber.current.waitUntilDone() }
        }
    }

    @Test func `R11: the final state is visible before waiters run, who run in the order they came`() throws {
        try inFiber {
            var log: [String] = []
            let fiber = Fiber.spawn { try Fiber.park() }
            for name in ["A", "B", "C"] {
                Fiber.spawn {
                    try fiber.wait()
                    log.append("\(name) \(fiber.state)")
                }
            }
            try Fiber.yield()
            fiber.schedule()
            Fiber.spawn { log.append("queued before \(fiber.state)") }
            try drain()
            #expect(log == ["queued before done", "A done", "B done", "C done"])
        }
    }

    @Test func `a fiber may return a value of any size`() throws {
        try inFiber {
            let big = Fiber.spawn { (1, 2, 3, 4, 5, 6) }
            let empty: Void = try Fiber.spawn {}.fetch()
            let optional = Fiber.spawn { nil as String? }
            #expect(empty == ())
            try #expect(big.fetch() == (1, 2, 3, 4, 5, 6))
            try #expect(optional.fetch() == nil)
        }
    }
}
