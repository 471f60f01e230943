// SPDX-License-Identifier: MIT

/// A number of permits, of which each fiber takes one to do something that not all may do at once (Julia's `Semaphore`,
/// rows SM1–SM4).
///
/// ```swift
/// let connections = Semaphore(4, name: "connections")
/// try connections.withPermit { try fetch(page) }
/// ```
///
/// Permits belong to nobody: any fiber may release one that another has acquired. One fiber that acquires twice takes two.
///
/// Deviates from Julia on purpose: ``release()`` hands the permit to the fiber that waits longest, so nobody overtakes and
/// nobody starves. In Julia a newcomer may take the permit before the woken fiber runs, which then waits again, at the
/// end of the queue.
///
/// Fibers of all threads may share one.
///
/// `@unchecked Sendable`: the count is accessed in sections only, hence without exclusivity checks, too.
public final class Semaphore: CustomStringConvertible, Shared, @unchecked Sendable {
    let queues = SharedQueues()
    private var waiters: WaitQueue { queues[0] }
    private let permits: Int
    private let name: String?
    /// While a permit is free, nobody waits.
    @exclusivity(unchecked) private var free: Int

    /// - Parameters:
    ///   - permits: How many there are.
    ///   - name: Shown in reports of what a fiber waits for.
    /// - Precondition: `permits` is positive.
    public init(_ permits: Int, name: String? = nil) {
        require(permits > 0, "Semaphore size must be > 0, not \(permits)")
        self.permits = permits
        self.name = name
        free = permits
    }

    deinit { queues.destroy() }

    /// Takes a permit. Parks the calling fiber until one is handed to it; returns at once if one is free.
    ///
    /// - Throws: `CancellationError` if the fiber is cancelled while it is parked; ``TimeoutError`` if its time is
    ///   over; what is given to `schedule(throwing:)`; ``DeadlockError`` if it is the root fiber and nothing can ever
    ///   run again. Then no permit was taken. One that was handed to the fiber before is kept, and this returns: the
    ///   interruption is thrown by its next park.
    /// - Complexity: O(1), no allocation.
    @available(*, noasync)
    public func acquire() throws {
        let section = queues.enter()
        if take() { return section.leave() }
        try waiters.wait(for: .semaphore, subject: self, leaving: section)
    }

    /// Takes a permit if one is free; never parks.
    ///
    /// - Returns: Whether it did.
    /// - Complexity: O(1), no allocation.
    public func acquireIfAvailable() -> Bool { queues.inSection { _ in take() } }

    /// Gives a permit back, or to the fiber that waits longest, which it wakes; never runs it.
    ///
    /// - Precondition: Somebody has acquired the permit.
    /// - Complexity: O(1), no allocation.
    public func release() {
        let isOut = queues.inSection { section in
            guard free < permits else { return false }
            if !waiters.wakeFirst(in: section) { free += 1 }
            return true
        }
        require(isOut, "release count must match acquire count: \(self)")
    }

    /// Runs `body` with a permit, which is released when it returns or throws (Julia's `acquire(f, s)`, row SM3).
    ///
    /// Parks the calling fiber until a permit is handed to it, as ``acquire()`` does.
    ///
    /// - Returns: What `body` returns.
    /// - Throws: What ``acquire()`` throws, then `body` has not run; what `body` throws.
    @available(*, noasync)
    public func withPermit<Result>(_ body: () throws -> Result) throws -> Result {
        try acquire()
        defer { release() }
        return try body()
    }

    /// The type, the name and how many permits are free.
    public var description: String {
        let free = queues.inSection { _ in self.free }
        return "Semaphore" + (name.map { " \"\($0)\"" } ?? "") + " (\(free) of \(permits) free)"
    }

    private func take() -> Bool {
        guard free > 0 else { return false }
        free -= 1
        return true
    }
}
