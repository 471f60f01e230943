// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ShieldTests {
    @Test func `shield: a cancelled fiber parks within, and the first park after it throws`() throws {
        try inFiber {
            let fiber = Fiber.spawn {
                Fiber.current.cancel()
                let value = try Fiber.shield { try Fiber.park() as? Int }
                #expect(throws: CancellationError.self) { try Fiber.yield() }
                return value
            }
            try Fiber.yield()
            try #expect(fiber.schedule(passing: 8).fetch() == 8)
        }
    }

    @Test func `shield: a cancellation that comes within is delivered after it`() throws {
        try inFiber {
            let fiber = Fiber.spawn {
                try Fiber.shield { try Fiber.park() }
                #expect(throws: CancellationError.self) { try Fiber.yield() }
            }
            try Fiber.yield()
            fiber.cancel()
            try drain()
            #expect(fiber.state == .runnable && fiber.isCancelled)
            try fiber.schedule().wait()
        }
    }

    @Test func `shield: they nest, and only the outermost ends the protection`() throws {
        try inFiber {
            let fiber = Fiber.spawn {
                try Fiber.shield {
                    try Fiber.shield {
                        Fiber.current.cancel()
                        try Fiber.yield()
                    }
                    try Fiber.yield()
                }
                #expect(throws: CancellationError.self) { try Fiber.yield() }
            }
            try fiber.wait()
        }
    }

    @Test func `shield: an error given to the fiber is not held back`() throws {
        try inFiber {
            let fiber = Fiber.spawn {
                #expect(throws: Failure.self) { try Fiber.shield { try Fiber.park() } }
                try Fiber.yield()
            }
            try Fiber.yield()
            fiber.schedule(throwing: Failure("expected"))
            try fiber.wait()
        }
    }

    @Test func `shield: it ends when its body throws`() throws {
        try inFiber {
            let fiber = Fiber.spawn {
                #expect(throws: Failure.self) { try Fiber.shield { throw Failure("expected") } }
                Fiber.current.cancel()
                #expect(throws: CancellationError.self) { try Fiber.yield() }
            }
            try fiber.wait()
        }
    }

    @Test func `shield: without a cancellation it changes nothing`() throws {
        try inFiber {
            #expect(Fiber.shield { 3 } == 3)
            try Fiber.shield { try Fiber.yield() }
            try Fiber.yield()
        }
    }

    @Test func `shield: clean-up in a defer can park`() throws {
        try inFiber {
            var log: [String] = []
            let fiber = Fiber.spawn {
                defer {
                    try? Fiber.shield {
                        try Fiber.sleep(for: .milliseconds(1))
                        log.append("cleaned up")
                    }
                }
                try Fiber.park()
            }
            try Fiber.yield()
            fiber.cancel()
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(log == ["cleaned up"])
        }
    }
}
