// SPDX-License-Identifier: MIT
import CFibers
@testable import Fibers
import Testing

@Suite struct SwitchingTests {
    @Test func `S7: a fiber yielded to runs ahead of everything queued, the caller behind it`() throws {
        try inFiber {
            var log: [String] = []
            Fiber.spawn { log.append("queued") }
            let target = Fiber { log.append("target") }
            try Fiber.yield(to: target)
            log.append("main")
            #expect(log == ["target", "queued", "main"])
        }
    }

    @Test func `S7: yielding to a queued or finished fiber, or to oneself, is an error`() throws {
        try inFiber {
            let queued = Fiber.spawn {}
            #expect(throws: ConcurrencyViolationError.self) { try Fiber.yield(to: queued) }
            try queued.wait()
            #expect(throws: ConcurrencyViolationError.self) { try Fiber.yield(to: queued) }
            #expect(throws: ConcurrencyViolationError.self) { try Fiber.yield(to: Fiber.current) }
        }
    }

    @Test func `S7 R7: the value passed is what the park of the fiber returns`() throws {
        try inFiber {
            let target = Fiber.spawn { try Fiber.park() as? String }
            try Fiber.yield()
            try Fiber.yield(to: target, passing: "value")
            #expect(target.isDone)
            try #expect(target.fetch() == "value")
        }
    }

    @Test func `S8 R7: values travel both ways, but a fiber that starts ignores its first`() throws {
        try inFiber {
            let main = Fiber.current
            var seen: [Int?] = []
            let other = Fiber {
                seen.append(try Fiber.switch(to: main, passing: 10) as? Int)
                seen.append(try Fiber.switch(to: main, passing: 20) as? Int)
            }
            try #expect(Fiber.switch(to: other, passing: 1) as? Int == 10)
            try #expect(Fiber.switch(to: other, passing: 2) as? Int == 20)
            other.schedule(passing: 3)
            try other.wait()
            #expect(seen == [2, 3])
        }
    }

    @Test func `S2 S3 S8: who parked in switch(to:) can be scheduled, with a value or an error`() throws {
        try inFiber {
            let fibers = (0..<2).map { _ in Fiber.spawn { try Fiber.switch(to: Fiber {}) as? String } }
            try drain()
            fibers[0].schedule(passing: "value")
            fibers[1].schedule(throwing: Failure("expected"))
            try #expect(fibers[0].fetch() == "value")
            #expect(throws: FiberFailedError.self) { try fibers[1].wait() }
            #expect(fibers[1].failure is Failure)
        }
    }

    @Test func `S8: switching to a done fiber returns the argument, to a failed one throws its bare error`() throws {
        try inFiber {
            let done = Fiber.spawn { 1 }
            let failed = Fiber.spawn { throw Failure("bare") }
            try Fiber.yield()
            try #expect(Fiber.switch(to: done, passing: "x") as? String == "x")
            #expect(throws: Failure.self) { try Fiber.switch(to: failed) }
        }
    }

    @Test func `T13: fibers switch in any order, not only back to who switched to them`() throws {
        try inFiber {
            var log: [Int] = []
            let main = Fiber.current
            var fibers: [Fiber<Void>] = []
            fibers = [2, 0, 1].enumerated().map { number, next in
                Fiber {
                    log.append(number)
                    try Fiber.switch(to: fibers[next])
                    try Fiber.switch(to: main)
                }
            }
            try Fiber.switch(to: fibers[0])
            #expect(log == [0, 2, 1])
        }
    }

    @Test func `T13 R15: a million switches take no space`() throws {
        try inFiber {
            let main = Fiber.current
            let other = Fiber { while true { try Fiber.switch(to: main) } }
            try Fiber.switch(to: other)
            let stacks = Scheduler.current.stackCounts.made
            for _ in 0..<500_000 { try Fiber.switch(to: other) }
            #expect(Scheduler.current.stackCounts.made == stacks && stacks <= 2)
            other.cancel()
            try? other.wait()
        }
    }

    @Test func `T13: three fibers switch from the first to the third, to the second and back`() throws {
        try inFiber {
            let main = Fiber.current
            var log: [Int] = []
            var fibers: [Fiber<Void>] = []
            fibers = [(1, 2), (2, 0), (3, 1)].map { number, next in
                Fiber {
                    while log.count < 300 {
                        log.append(number)
                        try Fiber.switch(to: fibers[next])
                    }
                    try Fiber.switch(to: main)
                }
            }
            try Fiber.switch(to: fibers[0])
            #expect(log == Array(repeatElement([1, 3, 2], count: 100).joined()))
            fibers = []
        }
    }

    @Test func `S9 Q1: the end of a fiber that was switched to is a deadlock for a switcher nobody schedules`() throws {
        try inFiber {
            let fiber = Fiber {}
            #expect(throws: DeadlockError.self) { try Fiber.switch(to: fiber) }
            #expect(fiber.isDone)
        }
    }

    @Test func `S9 Q1: when a fiber that was switched to ends, the queue goes on, and the switcher stays parked`()
        throws
    {
        try inFiber {
            var log: [String] = []
            let ending = Fiber { log.append("ending") }
            let switcher = Fiber.spawn { try Fiber.switch(to: ending) as? String }
            Fiber.spawn { log.append("queued") }
            try drain()
            #expect(log == ["ending", "queued"] && ending.isDone && switcher.state == .runnable)
            try #expect(switcher.schedule(passing: "scheduled").fetch() == "scheduled")
        }
    }

    @Test func `S10: a fiber that was only switched to is managed by the scheduler once it waits`() throws {
        try inFiber {
            var isAwake = false
            let fiber = Fiber {
                try Fiber.sleep(for: .milliseconds(1))
                isAwake = true
            }
            let main = Fiber.current
            Fiber.spawn { main.schedule() }
            try Fiber.switch(to: fiber)
            try fiber.wait()
            #expect(isAwake)
        }
    }

    @Test func `Q2: a queued fiber is taken out of the queue, and runs once`() throws {
        try inFiber {
            var runs = 0
            let main = Fiber.current
            let fiber = Fiber.spawn {
                runs += 1
                main.schedule()
            }
            try Fiber.switch(to: fiber)
            try drain()
            #expect(runs == 1)
        }
    }

    @Test func `Q2: a waiting fiber leaves its wait queue, and its wait throws`() throws {
        try inFiber {
            let condition = Condition<Int>()
            let main = Fiber.current
            let fiber = Fiber.spawn {
                defer { main.schedule() }
                return try condition.wait()
            }
            try Fiber.yield()
            try Fiber.switch(to: fiber)
            #expect(condition.notify(1) == 0)
            #expect(throws: FiberFailedError.self) { try fiber.fetch() }
            #expect(fiber.failure is ConcurrencyViolationError)
        }
    }
}
