// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// A group that ends at the first failure cancels its body, and nothing but its body.
@Suite struct FiberGroupCancellationTests {
    private let never = Condition<Void>()

    /// What a group throws whose first child fails as soon as the body parks.
    private func failFast(_ body: (FiberGroup) throws -> Void) -> (any Error)? {
        failure {
            try withFiberGroup(onFailure: .cancelOthers) { group in
                group.spawn(name: "child") { throw Failure("child") }
                try body(group)
            }
        }
    }

    private func causes(_ error: (any Error)?) -> [String]? {
        (error as? CompositeError)?.errors.map { "\(($0 as? FiberFailedError)?.rootCause ?? $0)" }
    }

    @Test func `NW4: every park of the body throws CancellationError once a child has failed`() throws {
        try inFiber {
            var errors: [(any Error)?] = []
            let error = failFast { _ in
                for _ in 0..<3 { errors.append(failure { try never.wait() }) }
            }
            #expect(errors.count == 3 && errors.allSatisfy { $0 is CancellationError })
            #expect(causes(error) == ["child"])
        }
    }

    @Test func `NW4: a shield holds the group's cancellation back, and the first park after it throws`() throws {
        try inFiber {
            var isCleanedUp = false
            let error = failFast { _ in
                try Fiber.shield { try drain() }
                isCleanedUp = true
                try Fiber.yield()
                isCleanedUp = false
            }
            #expect(isCleanedUp && causes(error) == ["child"])
        }
    }

    @Test func `NW4: the fiber itself is not cancelled, and after the group it parks as usual`() throws {
        try inFiber {
            var wasCancelled = true
            let error = failFast { _ in
                try? never.wait()
                wasCancelled = Fiber.current.isCancelled
            }
            #expect(!wasCancelled && causes(error) == ["child"])
            try Fiber.yield()
            try #expect(Fiber.spawn { 3 }.fetch() == 3)
        }
    }

    @Test(arguments: [false, true])
    func `NW4 S3: an error thrown into the body in the round of the failure is not lost`(isBefore: Bool) throws {
        try inFiber {
            let fiber = Fiber.current
            func handOver() { Fiber.spawn { fiber.schedule(throwing: Failure("handed over")) } }
            if isBefore { handOver() }
            let error = failFast { _ in
                if !isBefore { handOver() }
                try never.wait()
            }
            #expect(causes(error) == ["handed over", "child"])
            try Fiber.yield()
        }
    }

    @Test func `NW4: what the body throws instead of the cancellation comes first`() throws {
        try inFiber {
            let error = failFast { _ in
                do { try never.wait() } catch { throw Failure("body") }
            }
            #expect(causes(error) == ["body", "child"])
        }
    }

    @Test func `NW4: a fiber that is cancelled as well has that thrown by the first park after the group`() throws {
        try inFiber {
            var error: (any Error)?
            let fiber = Fiber.spawn {
                error = failFast { _ in
                    try? never.wait()
                    Fiber.current.cancel()
                    try never.wait()
                }
                try never.wait()
            }
            try fiber.waitUntilDone()
            #expect(causes(error) == ["child"] && fiber.failure is CancellationError)
        }
    }

    @Test func `NW4 A4: a group inside of a body that is cancelled throws CancellationError, if nothing failed in it`()
        throws
    {
        try inFiber {
            var inner: (any Error)?
            let error = failFast { _ in
                inner = failure { try withFiberGroup { group in _ = group.spawn { try never.wait() } } }
                try never.wait()
            }
            #expect(inner is CancellationError && never.isEmpty && causes(error) == ["child"])
        }
    }

    @Test func `NW4 A4: a group that cancels its body inside of another leaves that one alone`() throws {
        try inFiber {
            try withFiberGroup(onFailure: .cancelOthers) { outer in
                let other = outer.spawn { try drain(rounds: 3) }
                #expect(failFast { _ in try never.wait() } is CompositeError)
                try Fiber.yield()
                try other.wait()
            }
        }
    }

    @Test func `NW4: a loop over a channel ends, and the park after it throws`() throws {
        try inFiber {
            let error = failFast { _ in
                for _ in Channel<Int>() {}
                try Fiber.yield()
                throw Failure("not reached")
            }
            #expect(causes(error) == ["child"])
        }
    }
}
