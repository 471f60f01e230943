// SPDX-License-Identifier: MIT

/// Waits for the first of several fibers (Julia's `waitany`, row NW1).
///
/// Parks the calling fiber until at least one of `fibers` has finished; returns at once if one has, or if there are
/// none. Fibers that were never scheduled are waited for as well.
///
/// - Parameters:
///   - fibers: Whom to wait for; not the calling fiber.
///   - throwing: Whether a failure is an error. In both cases it counts as seen.
/// - Returns: Those that have finished and those that have not, each in the order given.
/// - Throws: ``CompositeError`` of a ``FiberFailedError`` for each that has failed; ``ConcurrencyViolationError`` if
///   the calling fiber is one of them; `CancellationError` if it is cancelled meanwhile; ``DeadlockError`` if it is
///   the root fiber and nothing can ever run again.
/// - Complexity: O(*n*) for *n* fibers.
@available(*, noasync)
@discardableResult
public func waitAny<F: AnyFiber>(_ fibers: [F], throwing: Bool = true) throws -> (finished: [F], unfinished: [F]) {
    if !fibers.contains(where: \.isDone) { try Countdown(from: 1, endsAtFailure: false).wait(for: fibers) }
    return try sorted(fibers, throwing: throwing)
}

/// Waits for several fibers (Julia's `waitall`, row NW2).
///
/// Parks the calling fiber until each of `fibers` has finished or, unless `failFast` is false, one has failed. Fibers
/// that were never scheduled are waited for as well. None is cancelled: see ``withFiberGroup(onFailure:_:)`` for that.
///
/// - Parameters:
///   - fibers: Whom to wait for; not the calling fiber.
///   - failFast: Whether the first failure ends the wait.
///   - throwing: Whether a failure is an error. In both cases it counts as seen.
/// - Returns: As ``waitAny(_:throwing:)``.
/// - Throws: As ``waitAny(_:throwing:)``.
/// - Complexity: O(*n*) for *n* fibers.
@available(*, noasync)
@discardableResult
public func waitAll<F: AnyFiber>(
    _ fibers: [F], failFast: Bool = true, throwing: Bool = true
) throws -> (finished: [F], unfinished: [F]) {
    if !(failFast && fibers.contains(where: \.isFailed)) {
        let unfinished = fibers.filter { !$0.isDone }
        try Countdown(from: unfinished.count, endsAtFailure: failFast).wait(for: unfinished)
    }
    return try sorted(fibers, throwing: throwing)
}

private func sorted<F: AnyFiber>(_ fibers: [F], throwing: Bool) throws -> (finished: [F], unfinished: [F]) {
    let finished = fibers.filter(\.isDone)
    let failures = finished.compactMap { fiber in
        fiber.failure.map { FiberFailedError(fiber: fiber, error: $0) }
    }
    for failure in failures { failure.fiber.observe() }
    if throwing, !failures.isEmpty { throw CompositeError(errors: failures) }
    return (finished, fibers.filter { !$0.isDone })
}

/// Counts fibers that end, and wakes whoever waits when enough have. So that fiber stands in one queue only.
private final class Countdown: EndsWithFiber, CustomStringConvertible {
    private let waiters = WaitQueue()
    private var left: Int
    private let endsAtFailure: Bool

    init(from count: Int, endsAtFailure: Bool) {
        left = count
        self.endsAtFailure = endsAtFailure
    }

    deinit { waiters.destroy() }

    func wait(for fibers: [AnyFiber]) throws {
        for fiber in fibers { try fiber.refuseItself() }
        for fiber in fibers { fiber.bind(self) }
        defer { for fiber in fibers { fiber.unbind(self) } }
        while left > 0, !fibers.isEmpty { try waiters.wait(for: .fiber, subject: self) }
    }

    func close(after fiber: AnyFiber) {
        left = endsAtFailure && fiber.isFailed ? 0 : left - 1
        if left <= 0 { waiters.wakeAll() }
    }

    /// For the deadlock report.
    var description: String { "\(left) of several fibers" }
}
