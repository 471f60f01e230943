// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// How time limits, groups and shields lie inside of each other.
@Suite struct CancelScopeTests {
    private let never = Condition<Void>()

    private func limit(_ body: () throws -> Void) -> (any Error)? {
        failure { try withTimeout(.milliseconds(1), body) }
    }

    private func waitInGroup(whereAChildFails child: @escaping () throws -> Void = { throw Failure("child") }) throws {
        try withFiberGroup(onFailure: .cancelOthers) { group in
            group.spawn(child)
            try never.wait()
        }
    }

    @Test func `a shield holds back what is outside of it: a time limit within it ends its own body`() throws {
        try inFiber {
            let fiber = Fiber.spawn {
                Fiber.current.cancel()
                return Fiber.shield { limit { try never.wait() } }
            }
            try #expect(fiber.fetch() is TimeoutError && never.isEmpty)
        }
    }

    @Test func `NW4: a group within a shield cancels its own body`() throws {
        try inFiber {
            let error = Fiber.shield { failure { try waitInGroup() } }
            #expect((error as? CompositeError)?.errors.count == 1 && never.isEmpty)
        }
    }

    @Test func `M6: asyncMap in a shield ends at the first failure, when no worker is left to take the next element`()
        throws
    {
        try inFiber {
            func map() throws { _ = try asyncMap(over: 0..<9, concurrency: 1) { _ in throw Failure("expected") } }
            let error = Fiber.shield { failure(of: map) }
            #expect((error as? FiberFailedError)?.error is Failure)
        }
    }

    @Test func `a limit that passes outside of a shield waits for its end, also behind a limit within`() throws {
        try inFiber {
            var (inner, isShieldOver): ((any Error)?, Bool) = (nil, false)
            let outer = limit {
                try Fiber.shield {
                    inner = limit { try never.wait() }
                    try Fiber.sleep(for: .milliseconds(2))
                    isShieldOver = true
                }
                try never.wait()
            }
            #expect(inner is TimeoutError && isShieldOver && outer is TimeoutError)
            try Fiber.yield()
        }
    }

    @Test func `NW4: a limit inside of a group that cancels its body throws the cancellation on`() throws {
        try inFiber {
            var inner: (any Error)?
            func waitWithLimit(in group: FiberGroup) throws {
                group.spawn { throw Failure("child") }
                inner = failure { try withTimeout(.seconds(60)) { try never.wait() } }
                try Fiber.yield()
            }
            let error = failure { try withFiberGroup(onFailure: .cancelOthers, waitWithLimit) }
            #expect(inner is CancellationError && (error as? CompositeError)?.errors.count == 1)
        }
    }

    @Test func `NW4: a limit that passes inside of a group ends with itself, not with the group`() throws {
        try inFiber {
            func waitWithLimit(in group: FiberGroup) throws {
                #expect(limit { try never.wait() } is TimeoutError)
                try Fiber.yield()
                group.spawn { throw Failure("child") }
                try never.wait()
            }
            let error = failure { try withFiberGroup(onFailure: .cancelOthers, waitWithLimit) }
            #expect((error as? CompositeError)?.errors.count == 1)
        }
    }

    @Test func `NW4: a limit around a group goes on after the group has cancelled its body`() throws {
        try inFiber {
            var inner: (any Error)?
            let outer = limit {
                inner = failure { try waitInGroup() }
                try never.wait()
            }
            #expect(inner is CompositeError && outer is TimeoutError && never.isEmpty)
        }
    }

    @Test func `NW4: a limit that passes around a group cancels the children, whose clean-up fails the group`() throws {
        try inFiber {
            func cleanUp() throws {
                do { try never.wait() } catch { throw Failure("clean-up") }
            }
            let error = limit { try waitInGroup(whereAChildFails: cleanUp) }
            let errors = (error as? CompositeError)?.errors
            #expect(errors?.first is TimeoutError && errors?.count == 2)
            try Fiber.yield()
        }
    }

    @Test func `a cancellation goes before a limit that has passed, and stays when that is left`() throws {
        try inFiber {
            let fiber = Fiber.spawn {
                let outer = limit {
                    try? never.wait()
                    Fiber.current.cancel()
                    try Fiber.yield()
                }
                return (outer, failure { try Fiber.yield() })
            }
            let errors = try fiber.fetch()
            #expect(errors.0 is CancellationError && errors.1 is CancellationError)
        }
    }
}
