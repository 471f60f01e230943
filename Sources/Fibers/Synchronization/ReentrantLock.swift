// SPDX-License-Identifier: MIT

/// A lock that belongs to the fiber which took it, and which that fiber may take again (Julia's `ReentrantLock`, rows
/// LK1–LK13).
///
/// Fibers of one thread switch only in calls that park, so they need a lock only around steps that park between them; fibers of
/// several threads, around whatever they share:
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
/// `@unchecked Sendable`: owner and depth are accessed in sections only, hence without exclusivity checks, too.
public final class ReentrantLock: CustomStringConvertible, Shared, @unchecked Sendable {
    let queues = SharedQueues()
    private var waiters: WaitQueue { queues[0] }
    private let name: String?
    /// Kept alive, so that another fiber at the same address cannot be taken for it.
    @exclusivity(unchecked) private var owner: Unmanaged<AnyFiber>?
    /// How often the owner has locked it; 0 without an owner. While it is 0, nobody waits.
    @exclusivity(unchecked) private var depth = 0

    /// - Parameter name: Shown in reports of what a fiber waits for.
    public init(name: String? = nil) { self.name = name }

    deinit {
        queues.destroy()
        if let owner { EventLoops.letGo(owner) }
    }

    /// Whether any fiber holds the lock, the calling one included. If not, ``lockIfAvailable()`` succeeds, unless a fiber of
    /// another thread is faster.
    public var isLocked: Bool { queues.inSection { _ in depth > 0 } }

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
        let fiber = Scheduler.current.current
        let section = queues.enter()
        if take(for: fiber) { return section.leave() }
        try waiters.wait(for: .lock, subject: self, leaving: section)
    }

    /// Takes the lock if nobody holds it, or the calling fiber itself; never parks (Julia's `trylock`, row LK4).
    ///
    /// - Returns: Whether it did. Then an ``unlock()`` must follow.
    /// - Complexity: O(1), no allocation.
    public func lockIfAvailable() -> Bool {
        let fiber = Scheduler.current.current
        return queues.inSection { _ in take(for: fiber) }
    }

    /// Takes back one ``lock()``. The last one hands the lock to the fiber that waits longest, which it wakes; never runs
    /// it.
    ///
    /// - Precondition: The calling fiber holds the lock.
    /// - Complexity: O(1), no allocation.
    public func unlock() {
        let fiber = Scheduler.current.current
        let section = queues.enter()
        guard isHeld(by: fiber) else {
            section.leave()
            refuseUnlock()
        }
        depth -= 1
        if depth == 0 { handOver(in: section) }
        section.leave()
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

    /// How often the calling fiber holds the lock.
    var heldDepth: Int {
        let fiber = Scheduler.current.current
        return queues.inSection { _ in isHeld(by: fiber) ? depth : 0 }
    }

    /// Unlocks the lock, however often the calling fiber holds it.
    func unlockAll() {
        queues.inSection { section in
            depth = 0
            handOver(in: section)
        }
    }

    /// Takes the lock `depth` times, whatever is thrown into the calling fiber meanwhile: its next park throws that.
    func relock(_ depth: Int) {
        Scheduler.current.current.insist(on: lock) { deadlock in
            fatalError("a fiber cannot go on without \(self), which it had before it waited: \(deadlock)")
        }
        queues.inSection { _ in self.depth = depth }
    }

    /// The type, the name and who holds the lock.
    public var description: String {
        "ReentrantLock" + (name.map { " \"\($0)\"" } ?? "") + " (\(holder))"
    }

    private var holder: String {
        let (owner, depth) = queues.inSection { _ in (ownerOfThisThread, self.depth) }
        guard depth > 0 else { return "unlocked" }
        let times = depth > 1 ? " \(depth) times" : ""
        guard let owner else { return "held by a fiber of another thread" + times }
        return "held by fiber \(owner.label)" + times + (owner.isDone ? ", which has finished" : "")
    }
}

// In a section.
extension ReentrantLock {
    /// A fiber of another thread is not even kept for a moment: it may end then, and must go away on its thread.
    private var ownerOfThisThread: AnyFiber? {
        guard depth > 0, let owner, owner._withUnsafeGuaranteedRef({ $0.record.isOfThisThread }) else { return nil }
        return owner.takeUnretainedValue()
    }

    private func isHeld(by fiber: FiberRecord) -> Bool {
        guard depth > 0, let owner else { return false }
        return owner._withUnsafeGuaranteedRef { $0.record == fiber }
    }

    /// False if another fiber has the lock.
    private func take(for fiber: FiberRecord) -> Bool {
        if depth == 0 {
            own(fiber)
        } else if !isHeld(by: fiber) {
            return false
        }
        depth += 1
        return true
    }

    /// The next owner has the lock from now on, before it runs: so nobody can overtake it.
    private func handOver(in section: Section) {
        let last = owner
        if let next = waiters.first {
            own(next)
            depth = 1
            waiters.wakeFirst(in: section)
        } else {
            owner = nil
        }
        last?.release()  // runs, so this is not the last reference
    }

    private func own(_ fiber: FiberRecord) {
        fiber.retainOwner()
        owner = .passUnretained(fiber.owner)
    }

    private func refuseUnlock() -> Never {
        require(isLocked, "unlock count must match lock count: \(self)")
        fatalError("unlock from wrong fiber: \(self)")
    }
}
