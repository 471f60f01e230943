// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct EventLoopTests {
    @Test func `run returns what the body returns and throws what it throws`() throws {
        try #expect(EventLoop.run { 4 } == 4)
        let failure = Failure("expected")
        let error = #expect(throws: Failure.self) { try EventLoop.run { throw failure } }
        #expect(error === failure)
    }

    @Test func `R14: what is left is cancelled, unwinds in full and frees what it held`() throws {
        let census = Census()
        var log: [String] = []
        try inFiber {
            Fiber.spawn {
                let member = census.newMember()
                defer { log.append("unwound \(census.living)") }
                defer { withExtendedLifetime(member) {} }
                do { try Fiber.park() } catch { log.append("\(type(of: error))") }
            }
            try Fiber.yield()
        }
        #expect(log == ["CancellationError", "unwound 1"])
        #expect(census.living == 0)
    }

    @Test func `R14: a fiber that has not started never runs`() throws {
        var didRun = false
        let fiber = try inFiber { Fiber.spawn { didRun = true } }
        #expect(!didRun)
        #expect(fiber.failure is CancellationError)
    }

    @Test func `R14: left fibers unwind too when the body throws`() throws {
        var didUnwind = false
        #expect(throws: Failure.self) {
            try inFiber {
                Fiber.spawn {
                    defer { didUnwind = true }
                    try Fiber.sleep(for: .seconds(3600))
                }
                try Fiber.yield()
                throw Failure("expected")
            }
        }
        #expect(didUnwind)
    }

    @Test func `R14: shielded clean-up may park, sleep and fetch while the loop ends`() throws {
        var log: [String] = []
        try inFiber {
            Fiber.spawn {
                defer {
                    try? Fiber.shield {
                        try Fiber.sleep(for: .milliseconds(1))
                        try Fiber.yield()
                        log.append("cleaned up")
                    }
                }
                try Fiber.park()
            }
            try Fiber.yield()
        }
        #expect(log == ["cleaned up"])
    }

    @Test func `R14: clean-up that could never end is interrupted in its shield`() throws {
        var log: [String] = []
        try inFiber {
            Fiber.spawn {
                do { _ = try Fiber.shield { try Fiber.park() } } catch { log.append("\(type(of: error))") }
            }
            try Fiber.yield()
        }
        #expect(log == ["CancellationError"])
    }

    @Test func `R14: a fiber spawned while the loop ends is cancelled before it runs`() throws {
        var didRun = false
        var late: Fiber<Void>?
        try inFiber {
            Fiber.spawn {
                defer { late = Fiber.spawn { didRun = true } }
                try Fiber.park()
            }
            try Fiber.yield()
        }
        #expect(!didRun)
        #expect(late?.failure is CancellationError)
    }

    @Test func `a fiber that outlives its loop answers with its final state`() throws {
        let (done, failed, parked, new) = try inFiber {
            let all = (
                Fiber.spawn { 5 }, Fiber<Int>.spawn { throw Failure("expected") },
                Fiber.spawn { try Fiber.park() }, Fiber {}
            )
            try drain()
            try? all.1.wait()
            return all
        }
        try #expect(done.fetch() == 5)
        #expect(done.state == .done)
        #expect(throws: FiberFailedError.self) { try failed.fetch() }
        #expect(parked.state == .failed && parked.failure is CancellationError)
        #expect(new.state == .runnable && !new.isStarted)
    }

    @Test func `a new fiber that was waited for in one loop can run in the next`() throws {
        let fiber = Fiber { 5 }
        try inFiber {
            Fiber.spawn { try fiber.wait() }
            try Fiber.yield()
        }
        try inFiber { try #expect(fiber.schedule().fetch() == 5) }
    }

    @Test func `the root that was cancelled still ends its loop`() throws {
        var didUnwind = false
        try inFiber {
            Fiber.spawn {
                defer { didUnwind = true }
                try Fiber.park()
            }
            try Fiber.yield()
            Fiber.current.cancel()
            #expect(throws: CancellationError.self) { try Fiber.yield() }
        }
        #expect(didUnwind)
    }

    @Test func `loops follow each other on one thread and start empty`() throws {
        for _ in 0..<20 {
            try inFiber {
                for _ in 0..<5 { Fiber.spawn { try Fiber.park() } }
                try Fiber.yield()
                #expect(throws: DeadlockError.self) { try Fiber.park() }
            }
        }
    }
}
