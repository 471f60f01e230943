// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct WithTimeoutTests {
    private let never = Condition<Void>()

    @Test func `a body that ends in time returns its value`() throws {
        try inFiber {
            try #expect(withTimeout(.seconds(60)) { 7 } == 7)
            try #expect(withTimeout(.seconds(60)) { try Fiber.spawn { 8 }.fetch() } == 8)
        }
    }

    @Test func `a wait is left at the deadline, and its queue is empty then`() throws {
        try inFiber {
            let start = LoopClock.now
            #expect(throws: TimeoutError.self) { try withTimeout(.milliseconds(5)) { try never.wait() } }
            #expect(start.duration(to: LoopClock.now) >= .milliseconds(5))
            #expect(never.isEmpty)
        }
    }

    @Test func `after the deadline every park of the body throws, and none after it`() throws {
        try inFiber {
            var parks = 0
            #expect(throws: TimeoutError.self) {
                try withTimeout(.milliseconds(1)) {
                    try? never.wait()
                    parks += 1
                    try Fiber.yield()
                    parks += 1
                }
            }
            #expect(parks == 1)
            try Fiber.yield()
            try Fiber.sleep(for: .milliseconds(1))
        }
    }

    @Test func `a body that catches the error has its value returned`() throws {
        try inFiber {
            let value = try withTimeout(.milliseconds(1)) {
                do { try never.wait() } catch is TimeoutError { return "caught" }
                return "not reached"
            }
            #expect(value == "caught")
        }
    }

    @Test func `limits nest, and the one that passes first ends what is inside of it`() throws {
        try inFiber {
            let isOver = try timesOut { try withTimeout(.milliseconds(2), waitForMinutes) }
            #expect(isOver && never.isEmpty)
        }
    }

    @Test func `a limit that passed inside of another leaves that one alone`() throws {
        try inFiber {
            let isOver = try withTimeout(.seconds(60)) {
                defer { never.notify() }
                let isOver = try timesOut { try withTimeout(.milliseconds(1)) { try never.wait() } }
                try Fiber.yield()
                return isOver
            }
            #expect(isOver)
        }
    }

    private func waitForMinutes() throws { try withTimeout(.seconds(60)) { try never.wait() } }

    private func timesOut(_ body: () throws -> Void) throws -> Bool {
        do {
            try body()
            return false
        } catch is TimeoutError {
            return true
        }
    }

    @Test func `clean-up in a shield parks after the deadline`() throws {
        try inFiber {
            var isClean = false
            #expect(throws: TimeoutError.self) {
                try withTimeout(.milliseconds(1)) {
                    defer {
                        try? Fiber.shield { try Fiber.sleep(for: .milliseconds(1)) }
                        isClean = true
                    }
                    try never.wait()
                }
            }
            #expect(isClean)
        }
    }

    @Test func `NW3: a notification that was issued before the deadline wins`() throws {
        try inFiber {
            let condition = Condition<Int>()
            let fiber = Fiber.spawn { try withTimeout(.milliseconds(3)) { try condition.wait() } }
            try Fiber.yield()
            condition.notify(5)
            let start = LoopClock.now
            while start.duration(to: LoopClock.now) < .milliseconds(5) {}
            try #expect(fiber.fetch() == 5)
        }
    }

    @Test func `NW3: a condition that nobody notifies in time gives TimeoutError, and nobody waits any more`() throws {
        try inFiber {
            let condition = Condition<Int>()
            #expect(throws: TimeoutError.self) { try withTimeout(.zero) { try condition.wait(first: true) } }
            #expect(condition.isEmpty && condition.notify(1) == 0)
        }
    }

    @Test func `cancelling goes before a limit, which is gone afterwards`() throws {
        try inFiber {
            let fiber = Fiber.spawn { try withTimeout(.seconds(60)) { try never.wait() } }
            try Fiber.yield()
            fiber.cancel()
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(fiber.failure is CancellationError)
        }
    }

    @Test func `zero and negative limits end the first park`() throws {
        try inFiber {
            for duration in [Duration.zero, .seconds(-1)] {
                #expect(throws: TimeoutError.self) { try withTimeout(duration) { try never.wait() } }
            }
        }
    }

    @Test func `a child process that takes too long is not left behind`() throws {
        try inFiber {
            let isOver = try timesOut { try withTimeout(.milliseconds(20)) { try Command("sleep", "60").run() } }
            #expect(isOver)
        }
    }
}
