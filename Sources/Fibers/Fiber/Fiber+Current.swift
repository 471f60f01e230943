// SPDX-License-Identifier: MIT

// What the current fiber does to itself. The constraint only lets the names be written as `Fiber.yield()`, without a
// result type.

extension Fiber where Result == Never {
    /// The fiber that runs this code; the main program is one too.
    public static var current: AnyFiber { Scheduler.current.current.owner }

    /// Lets every fiber that is ready now run once (row S6). Returns at once if there is none.
    ///
    /// Parks the calling fiber until its turn comes again; throws `CancellationError` if it is cancelled.
    @available(*, noasync)
    public static func yield() throws {
        try Scheduler.current.yield()
    }

    /// Parks the calling fiber until somebody calls `schedule()` on it (Julia's `wait()`, row W1). Returns at once if
    /// another thread has, while the fiber was not parked: see ``Threads/Fiber/schedule(passing:)``.
    ///
    /// - Returns: What was passed to ``AnyFiber/schedule(passing:)`` or ``Threads/Fiber/schedule(passing:)``.
    /// - Throws: What was given to `schedule(throwing:)`; `CancellationError` if the fiber is cancelled; ``DeadlockError``
    ///   if it is the root fiber and nothing can ever run again.
    @available(*, noasync)
    @discardableResult
    public static func park() throws -> Any? {
        let scheduler = Scheduler.current
        let fiber = scheduler.current
        guard !fiber.hasPassedValues else { return fiber.owner.takePassedValue() }
        return try scheduler.parkUntilScheduled()
    }

    /// Runs `body` with cancellation held back, so that clean-up can park.
    ///
    /// Within, a cancelled fiber parks as usual, and so does one in a time limit that has passed or in a group that has
    /// cancelled its body; the first park after it throws again. Shields nest. Time limits and groups that `body` makes
    /// itself, which are inside of the shield, work as ever. An error given to `schedule(throwing:)` is not held back.
    ///
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    @discardableResult
    public static func shield<Value>(_ body: () throws -> Value) rethrows -> Value {
        try Scheduler.current.current.inScope(.shield) { _ in try body() }
    }
}
