// SPDX-License-Identifier: MIT

/// The pools that stop together. Each starts when it is first used.
///
/// A worker's fibers spawn into the pools of which it is one, also when those stop, and so are refused. All others spawn into
/// those that are in use.
final class WorkerPools: Sendable {
    private struct State {
        var pools: [Threads.Pool: WorkerPool] = [:]
        var isStopping = false
    }

    private let state = Locked(State())

    /// Those into which the calling thread spawns.
    static var current: WorkerPools { Worker.current?.pools ?? use.withLock { $0.pools } }

    /// Starts the pool if need be, and blocks the calling thread meanwhile.
    func running(_ pool: Threads.Pool) throws -> WorkerPool {
        try state.withLock { state in
            guard !state.isStopping else { throw ClosedError(subject: "thread pool") }
            if let pool = state.pools[pool] { return pool }
            ProcessEnd.prepare()
            let started = try WorkerPool.start(size: pool.size(), in: self)
            state.pools[pool] = started
            return started
        }
    }

    /// In one step: who is refused knows that nothing begins any more.
    private func stop() {
        state.withLock { state in
            state.isStopping = true
            for pool in state.pools.values { pool.stop() }
        }
    }

    /// Blocks the calling thread until all workers have ended, or until `deadline`.
    private func join(until deadline: LoopClock.Instant? = nil) {
        let pools = state.withLock { $0.pools }
        for pool in pools.values { pool.join(until: deadline) }
        // The workers refer back to this object.
        state.withLock { $0.pools = [:] }
    }
}

// MARK: When they stop

extension WorkerPools {
    private struct Use {
        /// Event loops that are no worker's.
        var loops = 0
        var pools = WorkerPools()
        /// Their threads may not have ended yet.
        var stopping: [WorkerPools] = []
        var isOver = false

        /// Returns the pools that nobody needs any more.
        mutating func loopDidEnd() -> WorkerPools? {
            loops -= 1
            guard loops == 0, !isOver else { return nil }
            let last = pools
            pools = WorkerPools()
            stopping.append(last)
            return last
        }
    }

    private static let use = Locked(Use())

    static func loopDidStart() { use.withLock { $0.loops += 1 } }

    /// Blocks the calling thread until the pools have stopped, if no loop is left. Who spawns meanwhile starts others.
    static func loopDidEnd() {
        guard let pools = use.withLock({ $0.loopDidEnd() }) else { return }
        pools.stop()
        pools.join()
        use.withLock { $0.stopping.removeAll { $0 === pools } }
    }

    /// Blocks the calling thread until all pools have stopped, or until `deadline`. No others start.
    static func stopForGood(until deadline: LoopClock.Instant) {
        let all = use.withLock { use in
            use.isOver = true
            return use.stopping + [use.pools]
        }
        for pools in all { pools.stop() }
        for pools in all { pools.join(until: deadline) }
    }
}
