// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct FiberObjectTests {
    @Test func `T1 T2: a fiber that is never scheduled never runs`() throws {
        try inFiber {
            var didRun = false
            let fiber = Fiber { didRun = true }
            try drain()
            #expect(!didRun)
            #expect(!fiber.isStarted && !fiber.isDone && !fiber.isFailed)
            #expect(fiber.state == .runnable && fiber.failure == nil)
        }
    }

    @Test func `T1: two fibers of one closure are two objects and run twice`() throws {
        try inFiber {
            var runs = 0
            let body = { runs += 1 }
            let (first, second) = (Fiber(body), Fiber(body))
            #expect(first !== second)
            try first.schedule().wait()
            try second.schedule().wait()
            #expect(runs == 2)
        }
    }

    @Test func `T1: a fiber can be made on a thread without a scheduler and scheduled later`() throws {
        let fiber = Fiber { 7 }
        try inFiber { try #expect(fiber.schedule().fetch() == 7) }
    }

    @Test func `T4: the current fiber is the one the creator holds, in every call`() throws {
        try inFiber {
            var seen: [AnyFiber] = []
            let fiber = Fiber.spawn {
                seen.append(Fiber.current)
                try Fiber.yield()
                seen.append(Fiber.current)
            }
            try fiber.wait()
            #expect(seen.count == 2 && seen.allSatisfy { $0 === fiber })
        }
    }

    @Test func `T4 T6: the main program is a fiber too, and another one`() throws {
        try inFiber {
            let root = Fiber.current
            let fiber = Fiber.spawn { Fiber.current === root }
            try #expect(!fiber.fetch())
            #expect(root === Fiber.current)
            #expect(root.isStarted && root.state == .runnable && root.name == "root")
        }
    }

    @Test func `T5: a fiber is done after it returned, not while it is parked`() throws {
        try inFiber {
            let fiber = Fiber.spawn { try Fiber.park() }
            #expect(!fiber.isDone)
            try Fiber.yield()
            #expect(!fiber.isDone)
            try fiber.schedule().wait()
            #expect(fiber.isDone)
        }
    }

    @Test func `T5 T7: a fiber that threw is done and failed`() throws {
        try inFiber {
            let fiber = Fiber.spawn { throw Failure("expected") }
            #expect(!fiber.isFailed)
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(fiber.isDone && fiber.isFailed)
        }
    }

    @Test func `T6: a fiber is started from its first run, and for ever after`() throws {
        try inFiber {
            let fiber = Fiber.spawn { try Fiber.park() }
            #expect(!fiber.isStarted)
            try Fiber.yield()
            #expect(fiber.isStarted)
            try fiber.schedule().wait()
            #expect(fiber.isStarted)
        }
    }

    @Test func `T6: a fiber that was interrupted before it ran counts as started`() throws {
        try inFiber {
            let fiber = Fiber {}
            fiber.schedule(throwing: Failure("expected"))
            #expect(!fiber.isStarted)
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(fiber.isStarted)
        }
    }

    @Test func `T7: a fiber that returned has not failed`() throws {
        try inFiber {
            let fiber = Fiber.spawn { try Fiber.yield() }
            try Fiber.yield()
            #expect(!fiber.isFailed)
            try fiber.wait()
            #expect(!fiber.isFailed && fiber.failure == nil)
        }
    }

    @Test func `T14: the flags change in the one legal order`() throws {
        try inFiber {
            let fiber = Fiber { try Fiber.yield() }
            func flags() -> [Bool] { [fiber.isStarted, fiber.isDone] }
            var history = [flags()]
            fiber.schedule()
            for _ in 0..<3 {
                history.append(flags())
                try Fiber.yield()
            }
            #expect(history == [[false, false], [false, false], [true, false], [true, true]])
        }
    }

    @Test func `A1: spawning makes and schedules a fiber, which runs at its maker's next park`() throws {
        try inFiber {
            var log: [String] = []
            let fiber = Fiber.spawn { log.append("body") }
            log.append("maker")
            #expect(!fiber.isStarted && fiber.state == .queued)
            try Fiber.yield()
            #expect(log == ["maker", "body"] && fiber.isDone)
        }
    }

    @Test func `A2: a capture list takes the value of now, other captures share the variable`() throws {
        try inFiber {
            var (number, taken, shared) = (0, [] as [Int], [] as [Int])
            for _ in 1...3 {
                number += 1
                Fiber.spawn { [number] in taken.append(number) }
                Fiber.spawn { shared.append(number) }
            }
            try Fiber.yield()
            #expect(taken == [1, 2, 3] && shared == [3, 3, 3])
        }
    }
}
