// SPDX-License-Identifier: MIT

/// Fibers on other threads (Julia's `Threads`, rows TH1 to TH3).
///
/// ```swift
/// let parts = try ranges.map { range in try Threads.spawn { sum(of: range) } }
/// let total = try parts.reduce(0) { try $0 + $1.fetch() }
/// ```
///
/// A pool has a number of worker threads, each with a scheduler and an event loop of its own, in which it sleeps while
/// there is nothing to do. They start when a pool is first used. Fibers wait in the pool until a worker has nothing
/// else that is ready, or for ten milliseconds; which worker, nobody says. Once it has started, a fiber stays on its
/// thread, where it may spawn others with ``Fiber``.
public enum Threads {
    /// Makes a fiber and hands it to a pool, whose next free worker runs it. Never parks.
    ///
    /// - Parameters:
    ///   - pool: Which.
    ///   - name: As for a fiber.
    ///   - stackSize: As for a fiber.
    ///   - file: As for a fiber.
    ///   - line: As for a fiber.
    ///   - body: Runs on another thread, so it may capture only what is `Sendable`.
    /// - Returns: The fiber, for any thread. A failure that nobody looks at is reported when the last reference goes away.
    /// - Throws: ``IOError`` if the system refuses a thread; ``ArgumentError`` if the environment variable
    ///   `FIBERS_THREADS` is wrong.
    @discardableResult
    public static func spawn<Result: Sendable>(
        on pool: Pool = .default, name: String? = nil, stackSize: Int? = nil, file: StaticString = #fileID,
        line: UInt = #line, _ body: @escaping @Sendable () throws -> Result
    ) throws -> Fiber<Result> {
        if Scheduler.isRunning { Loop.current.isIsolated = false }
        let fiber = Fibers.Fiber(name: name, stackSize: stackSize, file: file, line: line, body)
        let handle = Fiber(fiber)
        try pool.workers().submit(handle.job)
        return handle
    }

    /// The number of the worker whose thread this is, from 1 in each pool; `nil` on any other thread.
    public static var current: Int? {
        Scheduler.isRunning ? Scheduler.current.loop.workerNumber : nil
    }
}

extension Threads {
    /// A number of worker threads.
    public struct Pool: Sendable, Hashable, CustomStringConvertible {
        private enum Name: String {
            case `default`
            case interactive
        }

        private let name: Name

        /// For everything: a worker for each core.
        public static let `default` = Pool(name: .default)

        /// For short fibers that must not wait behind long ones: one worker.
        public static let interactive = Pool(name: .interactive)

        /// How many workers the pool has: as configured, or by its kind.
        ///
        /// - Throws: ``ArgumentError`` if the environment variable `FIBERS_THREADS` is wrong.
        public func size() throws -> Int {
            let sizes = try PoolSizes.inUse()
            return name == .default ? sizes.default : sizes.interactive
        }

        /// The pool's name.
        public var description: String { name.rawValue }

        func workers() throws -> WorkerPool {
            try WorkerPool.shared.withLock { pools in
                if let pool = pools[self] { return pool }
                let pool = try WorkerPool(name: description, size: size())
                pools[self] = pool
                return pool
            }
        }
    }
}
