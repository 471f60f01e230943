// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// What becomes of requests to a fiber of a pool that ends.
@Suite struct ThreadsFiberEndTests {
    @Test func `a fiber that has finished is asked for nothing`() throws {
        try inFiber {
            let fiber = try Threads.spawn { 3 }
            try fiber.wait()
            fiber.schedule(passing: 1)
            fiber.schedule(throwing: Failure("too late"))
            fiber.cancel()
            try #expect(fiber.fetch() == 3)
        }
    }

    @Test func `a value that came before the cancellation is returned, and the next park throws`() throws {
        try inFiber {
            let (hasBegun, gate) = (Gate(), Gate())
            let fiber = try Threads.spawn {
                hasBegun.open()
                gate.wait()
                try Fiber.shield { try Fiber.sleep(for: .milliseconds(1)) }
                let value = try Fiber.park() as? Int
                #expect(throws: CancellationError.self) { try Fiber.park() }
                return value
            }
            hasBegun.wait()
            fiber.schedule(passing: 7)
            fiber.cancel()
            gate.open()
            try #expect(fiber.fetch() == 7)
        }
    }

    @Test func `values that no park took go away with the fiber, though its handle stays`() throws {
        try inFiber {
            weak var value: Flag?
            let fiber = try Threads.spawn { _ = try Fiber.park() }
            do {
                let flag = Flag()
                value = flag
                fiber.schedule()
                fiber.schedule(passing: flag)
            }
            try fiber.wait()
            let wasFreed = try timedWait(timeout: .seconds(20), pollInterval: .milliseconds(1)) { value == nil }
            #expect(wasFreed == .ok && fiber.isDone)
        }
    }
}
