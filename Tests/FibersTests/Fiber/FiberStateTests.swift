// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct FiberStateTests {
    @Test func `ST1: new, running and explicitly parked fibers are runnable`() throws {
        try inFiber {
            let fiber = Fiber {
                #expect(Fiber.current.state == .runnable)
                try Fiber.park()
            }
            #expect(fiber.state == .runnable)
            fiber.schedule()
            try Fiber.yield()
            #expect(fiber.state == .runnable)
        }
    }

    @Test func `ST1: a fiber parked in switch(to:) is runnable`() throws {
        try inFiber {
            let root = Fiber.current
            let fiber = Fiber {
                defer { root.schedule() }
                return root.state
            }
            try Fiber.switch(to: fiber)
            try #expect(fiber.fetch() == .runnable)
        }
    }

    @Test(arguments: Park.allCases)
    func `ST1 ST2 ST3: a parked fiber is waiting, but for one in park or yield`(kind: Park) throws {
        try inFiber {
            let fiber = Fiber.spawn { try kind.park() }
            let spy = Fiber.spawn { fiber.state }
            let expected: FiberState =
                switch kind {
                case .explicitly: .runnable
                case .inYield: .queued
                default: .waiting
                }
            try #expect(spy.fetch() == expected)
        }
    }

    @Test func `ST2: a fiber that waits for a condition is waiting`() throws {
        try inFiber {
            let condition = Condition<Void>()
            let fiber = Fiber.spawn { try condition.wait() }
            try Fiber.yield()
            #expect(fiber.state == .waiting)
            condition.notify()
            #expect(fiber.state == .queued)
        }
    }

    @Test func `ST2: sleeping and waiting for a fiber are waiting`() throws {
        try inFiber {
            let sleeper = Fiber.spawn { try Fiber.sleep(for: .seconds(3600)) }
            let joiner = Fiber.spawn { try sleeper.wait() }
            try Fiber.yield()
            #expect(sleeper.state == .waiting)
            #expect(joiner.state == .waiting)
        }
    }

    @Test func `ST3: a scheduled, a woken and an interrupted fiber are queued`() throws {
        try inFiber {
            let fiber = Fiber {
                try Fiber.park()
                #expect(throws: Failure.self) { try Fiber.park() }
            }
            #expect(fiber.schedule().state == .queued)
            try Fiber.yield()
            #expect(fiber.schedule().state == .queued)
            try Fiber.yield()
            fiber.schedule(throwing: Failure("expected"))
            #expect(fiber.state == .queued)
            try fiber.wait()
        }
    }

    @Test func `ST3: a fiber inside yield is queued, as another one sees it`() throws {
        try inFiber {
            let root = Fiber.current
            let fiber = Fiber.spawn { root.state }
            try Fiber.yield()
            try #expect(fiber.fetch() == .queued)
        }
    }

    @Test func `ST4: a fiber that returned is done`() throws {
        try inFiber {
            let fiber = Fiber.spawn {}
            try fiber.wait()
            #expect(fiber.state == .done)
        }
    }

    @Test func `ST5: a fiber that threw is failed`() throws {
        try inFiber {
            let fiber = Fiber.spawn { throw Failure("expected") }
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(fiber.state == .failed)
        }
    }

    @Test func `T8: the states print as their names`() {
        let states: [FiberState] = [.runnable, .waiting, .queued, .done, .failed]
        #expect(states.map(\.description) == ["runnable", "waiting", "queued", "done", "failed"])
    }

    @Test(arguments: [false, true])
    func `ST6: the five states and the three agree at every step`(fails: Bool) throws {
        try inFiber {
            let condition = Condition<Void>()
            let fiber = Fiber {
                try Fiber.park()
                try condition.wait()
                if fails { throw Failure("expected") }
            }
            let steps: [() throws -> Void] = [
                {}, { fiber.schedule() }, { try Fiber.yield() }, { fiber.schedule() }, { try Fiber.yield() },
                { condition.notify() }, { try? fiber.wait() },
            ]
            let states = try steps.map { step in
                try step()
                #expect(fiber.isDone == [.done, .failed].contains(fiber.state))
                #expect(fiber.isFailed == (fiber.state == .failed))
                return fiber.state
            }
            #expect(states == [.runnable, .queued, .runnable, .queued, .waiting, .queued, fails ? .failed : .done])
        }
    }
}
