// SPDX-License-Identifier: MIT
@testable import Fibers
import Testing

@Suite struct FiberGroupInterruptionTests {
    private let never = Condition<Void>()

    @Test func `A3: a group that ends early awaits its children, whatever is thrown into it meanwhile`() throws {
        try inFiber {
            var log: [String] = []
            let fiber = Fiber.spawn {
                let error = failure { try withFiberGroup { try failSlowly(in: $0) { log.append("child") } } }
                log.append("\(error.map { "\($0)" } ?? "none")")
                try Fiber.yield()
            }
            try drain(rounds: 2)
            fiber.schedule(throwing: Failure("late"))
            let late = failure { try fiber.wait() } as? FiberFailedError
            #expect(log == ["child", "body"])
            #expect("\(late.map { "\($0.error)" } ?? "none")" == "late")
        }
    }

    /// A child that takes its time to end, and a body that fails.
    private func failSlowly(in group: FiberGroup, atEnd: @escaping () -> Void) throws {
        group.spawn {
            defer { atEnd() }
            try Fiber.shield { try drain(rounds: 5) }
        }
        try Fiber.yield()
        throw Failure("body")
    }

    @Test func `A3 R17: a deadlock while a group ends early goes through the shields of its children`() throws {
        try inFiber {
            var isUnwound = false
            let error = failure {
                try withFiberGroup { group in
                    group.spawn {
                        defer { isUnwound = true }
                        try Fiber.shield { try never.wait() }
                    }
                    try Fiber.yield()
                    throw Failure("body")
                }
            }
            #expect(isUnwound)
            #expect("\(error.map { "\($0)" } ?? "none")" == "body")
        }
    }

    @Test func `NW4: a child that fails before it has run cancels the others`() throws {
        try inFiber {
            let error = failure {
                try withFiberGroup(onFailure: .cancelOthers) { group in
                    group.spawn { try never.wait() }
                    group.spawn {}.schedule(throwing: Failure("before"))
                }
            }
            #expect((error as? CompositeError)?.errors.count == 1)
        }
    }

    @Test func `NW4: a child that somebody cancels has failed, and cancels the others`() throws {
        try inFiber {
            let error = failure {
                try withFiberGroup(onFailure: .cancelOthers) { group in
                    group.spawn(name: "other") { try never.wait() }
                    group.spawn(name: "victim") { try never.wait() }.cancel()
                }
            }
            let names = (error as? CompositeError)?.errors.map { ($0 as? FiberFailedError)?.fiber.name }
            #expect(names == ["victim"])
        }
    }

    @Test func `NW4: groups within a body that is cancelled throw the cancellation, with their own failures`() throws {
        try inFiber {
            let error = failure {
                try withFiberGroup(onFailure: .cancelOthers) { group in
                    group.spawn { throw Failure("outer") }
                    try withFiberGroup { _ in try withFiberGroup { spawnFailing(in: $0) } }
                }
            }
            let errors = (error as? CompositeError)?.errors ?? []
            let inner = (errors.first as? CompositeError)?.errors ?? []
            #expect(inner.map { "\(rootCause(of: $0))" } == ["CancellationError()", "inner"])
            #expect(errors.map { "\(rootCause(of: $0))" } == ["CancellationError()", "outer"])
        }
    }

    private func spawnFailing(in group: FiberGroup) {
        group.spawn {
            do { try never.wait() } catch { throw Failure("inner") }
        }
    }
}
