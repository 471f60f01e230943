// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct SchedulingTests {
    @Test func `S4 O3: a fiber is scheduled if it is parked, and left alone if it was interrupted meanwhile`() throws {
        try inFiber {
            let fiber = Fiber.spawn { try Fiber.park() }
            #expect(!fiber.scheduleIfParked())
            try Fiber.yield()
            #expect(fiber.scheduleIfParked(passing: 7))
            #expect(!fiber.scheduleIfParked())
            try #expect(fiber.fetch() as? Int == 7)
            let cancelled = Fiber.spawn { try Fiber.park() }
            try Fiber.yield()
            cancelled.cancel()
            #expect(!cancelled.scheduleIfParked())
            try drain()
            #expect(!cancelled.scheduleIfParked() && cancelled.failure is CancellationError)
        }
    }

    @Test func `S1: schedule does not run the fiber, and returns it`() throws {
        try inFiber {
            var didRun = false
            let fiber = Fiber { didRun = true }
            #expect(fiber.schedule() === fiber)
            #expect(!didRun)
            try Fiber.yield()
            #expect(didRun)
        }
    }

    @Test func `S1: scheduling and fetching can be written in one expression`() throws {
        try inFiber { try #expect(Fiber { 6 * 7 }.schedule().fetch() == 42) }
    }

    @Test func `S2 R7 R9 W1: the value passed becomes the result of the park, once`() throws {
        try inFiber {
            var log: [String] = []
            let fiber = Fiber.spawn {
                for _ in 0..<3 { log.append("\(try Fiber.park() ?? "nil")") }
            }
            for value in ["one", nil, "three"] {
                try Fiber.yield()
                fiber.schedule(passing: value)
            }
            try fiber.wait()
            #expect(log == ["one", "nil", "three"])
        }
    }

    @Test func `S2 R7: a fiber that has not started ignores the value`() throws {
        try inFiber {
            let fiber = Fiber { try Fiber.park() as? String }
            fiber.schedule(passing: "lost")
            try Fiber.yield()
            fiber.schedule(passing: "kept")
            try #expect(fiber.fetch() == "kept")
        }
    }

    @Test func `S3: a waiting fiber wakes with the error and has left the queue`() throws {
        try inFiber {
            let condition = Condition<Int>()
            let failure = Failure("expected")
            let fiber = Fiber.spawn {
                let error = #expect(throws: Failure.self) { try condition.wait() }
                return error === failure
            }
            try Fiber.yield()
            fiber.schedule(throwing: failure)
            #expect(condition.notify(1) == 0)
            try #expect(fiber.fetch())
        }
    }

    @Test func `S3 W1: an explicitly parked fiber wakes with the error`() throws {
        try inFiber {
            let fiber = Fiber.spawn { try Fiber.park() }
            try Fiber.yield()
            fiber.schedule(throwing: Failure("expected"))
            let error = #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect("\(error?.error ?? Failure("none"))" == "expected")
        }
    }

    @Test func `S3: a sleeping fiber wakes with the error long before its time`() throws {
        try inFiber {
            let fiber = Fiber.spawn { try Fiber.sleep(for: .seconds(3600)) }
            try Fiber.yield()
            fiber.schedule(throwing: Failure("expected"))
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
        }
    }

    @Test(arguments: [false, true])
    func `S3 R8: a fiber that has not started fails with the error without running`(isQueued: Bool) throws {
        try inFiber {
            var didRun = false
            let fiber = Fiber { didRun = true }
            if isQueued { fiber.schedule() }
            fiber.schedule(throwing: Failure("expected"))
            #expect(!fiber.isDone)
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(!didRun && fiber.isFailed && fiber.isStarted)
        }
    }

    @Test func `S3 S6: an error for a fiber in yield is thrown by the yield`() throws {
        try inFiber {
            let fiber = Fiber.spawn { try Fiber.yield() }
            try Fiber.yield()
            fiber.schedule(throwing: Failure("expected"))
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
        }
    }

    @Test func `S3: an error given to oneself is thrown by the next park`() throws {
        try inFiber {
            Fiber.current.schedule(throwing: Failure("expected"))
            #expect(throws: Failure.self) { try Fiber.park() }
            try Fiber.yield()
        }
    }

    @Test func `S3: of two errors given before the turn, the later is thrown, once`() throws {
        try inFiber {
            let fiber = Fiber.spawn {
                let error = #expect(throws: Failure.self) { try Fiber.park() }
                try Fiber.yield()
                return "\(error ?? Failure("none"))"
            }
            try Fiber.yield()
            for text in ["first", "second"] { fiber.schedule(throwing: Failure(text)) }
            try #expect(fiber.fetch() == "second")
        }
    }

    @Test func `R10: an interrupted fiber goes to the tail, and is interrupted in its turn`() throws {
        try inFiber {
            var log: [String] = []
            let interrupted = Fiber.spawn {
                do { try Fiber.yield() } catch { log.append("\(error)") }
            }
            Fiber.spawn {
                try Fiber.yield()
                log.append("behind it before")
            }
            try Fiber.yield()
            interrupted.schedule(throwing: Failure("interrupted"))
            #expect(log.isEmpty)
            try drain()
            #expect(log == ["behind it before", "interrupted"])
        }
    }
}
