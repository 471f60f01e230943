// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// Groups that end early, with children on several threads.
@Suite(.timeLimit(.minutes(1))) struct GroupInterruptionThreadsTests {
    /// Children that park until they are interrupted: two on each pool, two on the thread of the body.
    private func spawnParked(in group: FiberGroup) throws -> [Threads.Fiber<Void>] {
        for _ in 0..<2 { group.spawn { _ = try Fiber.park() } }
        return try (0..<4).map { number in try group.spawn(on: pools[number % 2]) { _ = try Fiber.park() } }
    }

    @Test(arguments: [FiberGroup.FailurePolicy.waitForAll, .cancelOthers])
    func `any thread may cancel a group, which is no failure`(policy: FiberGroup.FailurePolicy) throws {
        try inFiber {
            let handles = try withFiberGroup(onFailure: policy) { group in
                let handles = try spawnParked(in: group)
                try group.spawn(on: .interactive) { group.cancelAll() }
                return handles
            }
            #expect(handles.allSatisfy { $0.isFailed })
        }
    }

    @Test func `a child that is spawned after the cancellation, wherever, is cancelled at once`() throws {
        try inFiber {
            let handle = try withFiberGroup { group in
                try group.spawn(on: .interactive) {
                    group.cancelAll()
                    group.spawn { _ = try Fiber.park() }
                    return try group.spawn(on: .default) { _ = try Fiber.park() }
                }.fetch()
            }
            #expect(throws: FiberFailedError.self) { try handle.wait() }
        }
    }

    @Test func `X2: the failure of a child on a pool cancels the body and all others`() throws {
        try inFiber {
            let expected = Failure("first")
            var handles: [Threads.Fiber<Void>] = []
            var errors: [(any Error)?] = []
            let error =
                failure {
                    try withFiberGroup(onFailure: .cancelOthers) { group in
                        handles = try spawnParked(in: group)
                        try group.spawn(on: .interactive) { throw expected }
                        for _ in 0..<2 { errors.append(failure { try Fiber.park() }) }
                    }
                } as? CompositeError
            #expect(errors.count == 2 && errors.allSatisfy { $0 is CancellationError })
            #expect(error?.errors.count == 1 && error?.rootCause as? Failure === expected)
            #expect(handles.allSatisfy { $0.isFailed })
            try Fiber.yield()
        }
    }

    @Test func `X2: the failure of a child on the thread of the body cancels those on pools`() throws {
        try inFiber {
            let error = #expect(throws: CompositeError.self) {
                try withFiberGroup(onFailure: .cancelOthers) { group in
                    _ = try spawnParked(in: group)
                    group.spawn { throw Failure("first") }
                }
            }
            #expect(error?.errors.count == 1)
        }
    }

    @Test func `X2: a failure on another thread stops nobody where all are waited for`() throws {
        try inFiber {
            let hasFailed = Flag()
            let error = #expect(throws: CompositeError.self) {
                try withFiberGroup { group in
                    let failed = try group.spawn(on: .interactive) { throw Failure("first") }
                    try group.spawn(on: .default) {
                        try? failed.wait()
                        for _ in 0..<10 { try Fiber.yield() }
                        hasFailed.set()
                    }
                    _ = failure(of: failed.wait)
                    try Fiber.yield()
                }
            }
            #expect(error?.errors.count == 1 && hasFailed.isSet)
        }
    }

    @Test func `nothing of the group is left on any thread when its body throws`() throws {
        try inFiber {
            let expected = Failure("body")
            var handles: [Threads.Fiber<Void>] = []
            let error = failure {
                try withFiberGroup { group in
                    handles = try spawnParked(in: group)
                    throw expected
                }
            }
            #expect(error as? Failure === expected && handles.allSatisfy(\.isDone))
        }
    }

    @Test func `failures and cancellations that meet end each group once`() throws {
        try inFiber {
            for round in 0..<200 {
                let error = failure {
                    try withFiberGroup(onFailure: .cancelOthers) { group in
                        for number in 0..<4 {
                            try group.spawn(on: pools[number % 2]) {
                                if number == round % 4 { throw Failure("expected") }
                                try Fiber.park()
                            }
                        }
                        try group.spawn(on: .interactive) { group.cancelAll() }
                    }
                }
                // Whoever failed after the cancellation has failed nevertheless.
                #expect(error == nil || (error as? CompositeError)?.rootCause is Failure)
            }
        }
    }
}
