// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct CancellationTests {
    @Test(arguments: Park.allCases)
    func `cancel: the present park throws, of every kind`(kind: Park) throws {
        try inFiber {
            let fiber = Fiber.spawn { try kind.park() }
            try Fiber.yield()
            fiber.cancel()
            let error = #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(error?.error is CancellationError)
        }
    }

    @Test(arguments: Park.allCases)
    func `cancel: every later park throws too, of every kind`(kind: Park) throws {
        try inFiber {
            var thrown = 0
            let fiber = Fiber.spawn {
                Fiber.current.cancel()
                for _ in 0..<3 {
                    do { try kind.park() } catch is CancellationError { thrown += 1 }
                }
            }
            try fiber.wait()
            #expect(thrown == 3)
        }
    }

    @Test(arguments: [false, true])
    func `cancel: a fiber that has not started fails without running`(isQueued: Bool) throws {
        try inFiber {
            var didRun = false
            let fiber = Fiber { didRun = true }
            if isQueued { fiber.schedule() }
            fiber.cancel()
            #expect(!fiber.isDone && fiber.isCancelled)
            let error = #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(error?.error is CancellationError)
            #expect(!didRun)
        }
    }

    @Test func `cancel: a value handed over before is returned, and the next park throws`() throws {
        try inFiber {
            let condition = Condition<Int>()
            let fiber = Fiber.spawn {
                let value = try condition.wait()
                #expect(throws: CancellationError.self) { try Fiber.yield() }
                return value
            }
            try Fiber.yield()
            #expect(condition.notify(5) == 1)
            fiber.cancel()
            try #expect(fiber.fetch() == 5)
        }
    }

    @Test func `cancel: nothing is handed to a waiter that was cancelled before`() throws {
        try inFiber {
            let condition = Condition<Int>()
            let leaving = Fiber.spawn { try condition.wait() }
            let staying = Fiber.spawn { try condition.wait() }
            try Fiber.yield()
            leaving.cancel()
            #expect(condition.notifyOne(5) == 1)
            try #expect(staying.fetch() == 5)
            #expect(throws: FiberFailedError.self) { try leaving.wait() }
        }
    }

    @Test func `cancel: a fiber that ignores it still returns its result`() throws {
        try inFiber {
            let fiber = Fiber.spawn {
                _ = try? Fiber.park()
                return "done anyway"
            }
            try Fiber.yield()
            fiber.cancel()
            try #expect(fiber.fetch() == "done anyway")
        }
    }

    @Test func `cancel: twice is once, and after the end it does nothing`() throws {
        try inFiber {
            let fiber = Fiber.spawn { _ = try? Fiber.park() }
            try Fiber.yield()
            fiber.cancel()
            fiber.cancel()
            try fiber.wait()
            fiber.cancel()
            #expect(fiber.state == .done)
        }
    }

    @Test func `cancel: it never runs the fiber, which goes to the tail`() throws {
        try inFiber {
            var log: [String] = []
            let fiber = Fiber.spawn {
                _ = try? Fiber.park()
                log.append("cancelled")
            }
            try Fiber.yield()
            Fiber.spawn { log.append("queued before") }
            fiber.cancel()
            #expect(log.isEmpty)
            try fiber.wait()
            #expect(log == ["queued before", "cancelled"])
        }
    }

    @Test func `cancel: waiting for a cancelled fiber leaves the waiter alone`() throws {
        try inFiber {
            let target = Fiber.spawn { try Fiber.park() }
            let waiter = Fiber.spawn { (try? target.wait()) == nil && !Fiber.current.isCancelled }
            try Fiber.yield()
            target.cancel()
            try #expect(waiter.fetch())
        }
    }

    @Test func `cancel: a waiter that is cancelled leaves its target alone`() throws {
        try inFiber {
            let target = Fiber.spawn { try Fiber.park() as? Int }
            let waiter = Fiber.spawn { try target.fetch() }
            try Fiber.yield()
            waiter.cancel()
            #expect(throws: FiberFailedError.self) { try waiter.wait() }
            try #expect(target.schedule(passing: 4).fetch() == 4)
        }
    }

    @Test func `cancel: an error handed over as well is thrown first`() throws {
        try inFiber {
            let fiber = Fiber.spawn {
                #expect(throws: Failure.self) { try Fiber.park() }
                #expect(throws: CancellationError.self) { try Fiber.park() }
            }
            try Fiber.yield()
            fiber.cancel()
            fiber.schedule(throwing: Failure("expected"))
            try fiber.wait()
        }
    }
}
