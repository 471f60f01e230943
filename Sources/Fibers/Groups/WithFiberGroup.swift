// SPDX-License-Identifier: MIT

/// Several failures of one group (Julia's `CompositeException`, row X2).
public struct CompositeError: Error, CustomStringConvertible {
    /// What the body of the group threw, if it did and not because the group cancelled it, and then a
    /// ``FiberFailedError`` for each failed child, in the order in which they were spawned.
    public let errors: [any Error]

    /// The root cause of the first error; see ``FiberFailedError/rootCause``.
    public var rootCause: any Error { Fibers.rootCause(of: self) }

    /// The first error, and how many more there are.
    public var description: String { errors.isEmpty ? "no error" : ErrorTree.description(of: self) }
}

/// Runs `body`, waits for every fiber it spawned in the group, and only then goes on (Julia's `@sync`, rows A3 and X2).
///
/// If `body` throws, or the calling fiber is interrupted, the children are cancelled and awaited. No fiber of the group is
/// left when this returns, whatever happened: an error that is thrown into the calling fiber while it awaits cancelled
/// children comes out of its next park, and in a deadlock the cancellation goes through their shields.
///
/// Under ``FiberGroup/FailurePolicy/cancelOthers`` the first failure of a child cancels the others and `body`, whose
/// every park throws `CancellationError` from then on, outside of a ``Fiber/shield(_:)`` within. After the group, the
/// fiber parks as usual. A group inside of `body` is ended by that as by ``AnyFiber/cancel()``.
///
/// Parks the calling fiber until every child has finished.
///
/// - Parameters:
///   - policy: Whether the failure of a child cancels the others.
///   - body: Spawns the children. It runs in the calling fiber.
/// - Returns: What `body` returns.
/// - Throws: ``CompositeError`` if children failed, with the error of `body` first if it threw as well, other than the
///   `CancellationError` of a body that this group has cancelled; what `body` throws if no child failed;
///   `CancellationError` if the calling fiber, or a group around this one, is cancelled meanwhile.
@available(*, noasync)
public func withFiberGroup<Result>(
    onFailure policy: FiberGroup.FailurePolicy = .waitForAll, _ body: (FiberGroup) throws -> Result
) throws -> Result {
    try Scheduler.current.whileOthersMayInterrupt { try inFiberGroup(onFailure: policy, body) }
}

/// For a group that stays on this thread.
func inFiberGroup<Result>(
    onFailure policy: FiberGroup.FailurePolicy, _ body: (FiberGroup) throws -> Result
) throws -> Result {
    try Scheduler.current.current.inScope(.group) { scope in
        try run(body, in: FiberGroup(policy: policy, scope: scope))
    }
}

private func run<Result>(_ body: (FiberGroup) throws -> Result, in group: FiberGroup) throws -> Result {
    do {
        let result = try body(group)
        try group.waitForChildren()
        let failures = group.failures()
        if !failures.isEmpty { throw GroupFailure(errors: failures) }
        return result
    } catch let failure as GroupFailure {
        throw CompositeError(errors: failure.errors)
    } catch {
        group.cancelAndAwaitChildren()
        let failures = group.failures()
        if failures.isEmpty { throw error }
        throw CompositeError(errors: (group.isOwn(error) ? [] : [error]) + failures)
    }
}

/// All children have finished, and some failed.
private struct GroupFailure: Error {
    let errors: [any Error]
}
