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
///
/// The pools stop when the last event loop ends that is no worker's, before that ``EventLoop/run(isolated:_:)`` returns: the fibers of
/// the workers are cancelled and unwind, those that no worker has begun fail with `CancellationError` without running, and
/// all threads end. The next fiber that is spawned makes them start again. The main program's loop lasts as long as the
/// process; a thread without a loop counts for nothing.
///
/// When the main program returns, or some thread calls `exit`, the pools stop in the same way, but for one second at most:
/// a fiber that computes, or holds the cancellation back, for longer is left behind, and so are the fibers of a worker that
/// calls `exit` itself.
public enum Threads {
    /// Makes a fiber and hands it to a pool, whose next free worker runs it. Never parks; the first use of a pool blocks
    /// the thread until the workers have started.
    ///
    /// - Parameters:
    ///   - pool: Which.
    ///   - name: As for a fiber.
    ///   - stackSize: As for a fiber.
    ///   - file: As for a fiber.
    ///   - line: As for a fiber.
    ///   - body: Runs on another thread, so it may capture only what is `Sendable`.
    /// - Returns: The fiber, for any thread. A failure that nobody looks at is reported when the last reference goes away.
    /// - Throws: ``IOError`` if the system refuses a thread or an event loop for it: no worker is left then, and the next
    ///   call tries again; ``ArgumentError`` if the environment variable `FIBERS_THREADS` is wrong; ``ClosedError`` if the
    ///   pools stop, as a fiber that unwinds then is told.
    @discardableResult
    public static func spawn<Result: Sendable>(
        on pool: Pool = .default, name: String? = nil, stackSize: Int? = nil, file: StaticString = #fileID,
        line: UInt = #line, _ body: @escaping @Sendable () throws -> Result
    ) throws -> Fiber<Result> {
        let fiber = Fibers.Fiber(name: name, stackSize: stackSize, file: file, line: line, body)
        let handle = Fiber(fiber)
        try pool.workers().submit(handle.job)
        return handle
    }

    /// Makes a fiber for each worker of a pool, which runs it ahead of those that any worker may take: for servers with a
    /// listener on each thread. Never parks; the first use of a pool blocks the thread until the workers have started.
    ///
    /// - Parameters:
    ///   - pool: Which.
    ///   - name: As for a fiber, followed by the number of the worker.
    ///   - stackSize: As for a fiber.
    ///   - file: As for a fiber.
    ///   - line: As for a fiber.
    ///   - body: Is given the number of its worker, which is ``current``. Runs on several threads at once, so it may capture
    ///     only what is `Sendable`.
    /// - Returns: The fibers, that of the first worker first.
    /// - Throws: As ``spawn(on:name:stackSize:file:line:_:)``; no fiber runs then.
    /// - Complexity: O(*n*) in the number of workers.
    @discardableResult
    public static func spawnOnEachWorker<Result: Sendable>(
        of pool: Pool = .default, name: String? = nil, stackSize: Int? = nil, file: StaticString = #fileID,
        line: UInt = #line, _ body: @escaping @Sendable (_ worker: Int) throws -> Result
    ) throws -> [Fiber<Result>] {
        let workers = try pool.workers()
        let handles = workers.numbers.map { number in
            let name = name.map { "\($0) \(number)" }
            return Fiber(Fibers.Fiber(name: name, stackSize: stackSize, file: file, line: line) { try body(number) })
        }
        try workers.submit(toEachWorker: handles.map(\.job))
        return handles
    }

    /// The number of the worker whose thread this is, from 1 in each pool; `nil` on any other thread.
    public static var current: Int? {
        Worker.current?.number
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
            if Scheduler.isRunning { Loop.current.isIsolated = false }
            return try WorkerPools.current.running(self)
        }
    }
}
