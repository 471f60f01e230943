// SPDX-License-Identifier: MIT

/// A lock that belongs to the fiber which took it, and which that fiber may take again (Julia's `ReentrantLock`, rows
/// LK1–LK13).
///
/// Fibers of a thread switch only in calls that park, so a lock is needed only around steps that park between them:
///
/// ```swift
/// try outputLock.withLock {
///     try connection.write(header)
///     try connection.write(body)
/// }
/// ```
///
/// Each ``lock()`` is matched by an ``unlock()``. A fiber that ends while it holds a lock leaves it locked for ever.
///
/// Deviates from Julia on purpose: ``unlock()`` hands the lock to the fiber that waits longest, so nobody overtakes and
/// nobody starves. In Julia a newcomer may take it before the woken fiber runs.
///
/// For one thread only; the type is not `Sendable`.
///
/// The stored properties are accessed by single loads and stores that cannot overlap, hence without exclusivity checks.
public final class ReentrantLock: CustomStringConvertible {
    private let waiters = WaitQueue()
    private let name: String?
    /// Kept alive, so that another fiber at the same address cannot be taken for it.
    @exclusivity(unchecked) private var owner: AnyFiber?
    /// How often the owner has locked it; 0 without an owner. While it is 0, nobody waits.
    @exclusivity(unchecked) private var depth = 0

    /// - Parameter name: Shown in reports of what a fiber waits for.
    public init(name: String? = nil) { self.name = name }

    deinit { waiters.destroy() }

    /// Whether any fiber holds the lock, the calling one included. If not, ``lockIfAvailable()`` succeeds.
    public var isLocked: Bool { depth > 0 }

    /// Takes the lock. Parks the calling fiber until the lock is handed to it; returns at once if nobody holds it, or the
    /// calling fiber itself.
    ///
    /// - Throws: `CancellationError` if the fiber is cancelled while it is parked; ``TimeoutError`` if its time is
    ///   over; what is given to `schedule(throwing:)`; ``DeadlockError`` if it is the root fiber and nothing can ever
    ///   run again. Then the fiber does not hold the lock. If it was handed to the fiber before, the fiber has it, and
    ///   this returns: the interruption is thrown by its next park.
    /// - Complexity: O(1), no allocation.
    @available(*, noasync)
    public func lock() throws {
        if !lockIfAvailable() { try waiters.wait(for: .lock, subject: self) }
    }

    /// Takes the lock if nobody holds it, or the calling fiber itself; never parks (Julia's `trylock`, row LK4).
    ///
    /// - Returns: Whether it did. Then an ``unlock()`` must follow.
    /// - Complexity: O(1), no allocation.
    public func lockIfAvailable() -> Bool {
        if depth == 0 {
            owner = Scheduler.current.current.owner
        } else if !isHeldByCurrentFiber {
            return false
        }
        depth += 1
        return true
    }

    /// Takes back one ``lock()``. The last one hands the lock to the fiber that waits longest, which it wakes; never runs
    /// it.
    ///
    /// - Precondition: The calling fiber holds the lock.
    /// - Complexity: O(1), no allocation.
    public func unlock() {
        require(depth > 0, "unlock count must match lock count: \(self)")
        require(isHeldByCurrentFiber, "unlock from wrong fiber: \(self)")
        depth -= 1
        if depth == 0 { handOver() }
    }

    /// Runs `body` with the lock, which is unlocked when it returns or throws (Julia's `lock(f, l)` and `@lock`, rows
    /// LK6 and LK10).
    ///
    /// Parks the calling fiber until it has the lock, as ``lock()`` does.
    ///
    /// - Returns: What `body` returns.
    /// - Throws: What ``lock()`` throws, then `body` has not run; what `body` throws.
    @available(*, noasync)
    public func withLock<Result>(_ body: () throws -> Result) throws -> Result {
        try lock()
        defer { unlock() }
        return try body()
    }

    /// Runs `body` with the lock if it can be had without parking (Julia's `trylock(f, l)`, row LK7).
    ///
    /// - Returns: What `body` returns; `nil` if another fiber holds the lock, then `body` has not run.
    /// - Throws: What `body` throws.
    public func withLockIfAvailable<Result>(_ body: () throws -> Result) rethrows -> Result? {
        guard lockIfAvailable() else { return nil }
        defer { unlock() }
        return try body()
    }

    /// The type, the name and who holds the lock.
    public var description: String { "ReentrantLock" + (name.map { " \"\($0)\"" } ?? "") + " (\(stateDescription))" }

    private var stateDescription: String {
        guard let owner else { return "unlocked" }
        return "held by fiber \(owner.label)" + (depth > 1 ? " \(depth) times" : "")
            + (owner.isDone ? ", which has finished" : "")
    }

    private var isHeldByCurrentFiber: Bool { Scheduler.current.current.withOwner { $0 === owner } }

    /// The next owner has the lock from now on, before it runs: so nobody can overtake it.
    private func handOver() {
        owner = waiters.first?.owner
        if waiters.wakeFirst() { depth = 1 }
    }
}
