// SPDX-License-Identifier: MIT
@testable import Fibers
import Testing

@Suite struct FiberErrorTests {
    @Test func `the root cause is the error at the end of a chain of waits`() throws {
        try inFiber {
            let failure = Failure("expected")
            let first = Fiber<Int>.spawn { throw failure }
            let second = Fiber.spawn { try first.fetch() }
            let third = Fiber.spawn { try second.fetch() }
            let error = #expect(throws: FiberFailedError.self) { try third.fetch() }
            #expect(error?.fiber === third)
            #expect((error?.error as? FiberFailedError)?.fiber === second)
            #expect(error?.rootCause as? Failure === failure)
        }
    }

    @Test func `the root cause of a direct failure is its error`() throws {
        try inFiber {
            let failure = Failure("expected")
            let fiber = Fiber.spawn { throw failure }
            let error = #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(error?.rootCause as? Failure === failure)
        }
    }

    @Test func `a failure names the fiber, where it was spawned and its error`() throws {
        try inFiber {
            let fiber = Fiber.spawn(name: "worker") { throw Failure("no paper") }
            let error = #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(error?.description == "fiber \"worker\", spawned at \(fiber.site), failed: no paper")
        }
    }

    @Test func `a body may throw a CancellationError of its own, which is a failure as any`() throws {
        try inFiber {
            let fiber = Fiber.spawn { throw CancellationError() }
            let error = #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(error?.error is CancellationError)
            #expect(fiber.isFailed && !fiber.isCancelled)
        }
    }

    @Test func `X4: errors of arguments and misuse print as their sentence`() {
        #expect("\(ArgumentError("wrong value"))" == "wrong value")
        #expect("\(ConcurrencyViolationError("wrong place"))" == "wrong place")
        #expect("\(StackLimitError(limit: 9))".contains("9 stacks"))
        #expect("\(StackLimitError(limit: 9))".contains("vm.max_map_count"))
    }
}
