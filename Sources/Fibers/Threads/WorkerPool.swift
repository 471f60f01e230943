// SPDX-License-Identifier: MIT

/// How long a fiber may wait in the pool because every worker has others that are ready.
private let patience = Duration.milliseconds(10)

/// The workers of a pool, and the fibers that none of them has taken yet.
///
/// A worker takes a fiber when none of those that it has is ready: what one fiber began is finished before the next begins, in
/// memory that is warm, and who is busy leaves the rest to others. But after some time it takes one all the same.
final class WorkerPool: Sendable {
    private let workers: [Worker]
    private let queues: Locked<JobQueues>

    private init(workers: [Worker]) {
        self.workers = workers
        queues = Locked(JobQueues(workerCount: workers.count))
    }

    deinit { queues.withLock { $0.destroy() } }

    /// Starts all workers, or none: blocks the calling thread until the loop of each is up.
    static func start(size: Int, in pools: WorkerPools) throws -> WorkerPool {
        let pool = WorkerPool(workers: (1...size).map { Worker(number: $0, in: pools) })
        do {
            for worker in pool.workers { try worker.start { pool.run(worker) } }
            for worker in pool.workers { try worker.waitUntilStarted() }
        } catch {
            pool.stop()
            pool.join()
            throw error
        }
        return pool
    }
}

// MARK: Any thread

extension WorkerPool {
    /// Of the workers.
    var numbers: ClosedRange<Int> { 1...workers.count }

    /// Hands a fiber to whoever is free next.
    func submit(_ job: Job) throws {
        try queues.withLock { try $0.add(job) }?.wakeUp()
    }

    /// Hands each worker the fiber that is meant for it.
    func submit(toEachWorker jobs: [Job]) throws {
        for worker in try queues.withLock({ try $0.add(toEachWorker: jobs) }) { worker.wakeUp() }
    }

    /// Takes no more fibers. The workers end: fibers that they have begun are cancelled and unwind, others fail.
    func stop() {
        for worker in queues.withLock({ $0.close() }) { worker.wakeUp() }
    }

    /// Blocks the calling thread until all workers have ended, or until `deadline`.
    func join(until deadline: LoopClock.Instant? = nil) {
        Standstill.duringWait {
            for worker in workers { worker.join(until: deadline) }
        }
    }
}

// MARK: The thread of a worker

extension WorkerPool {
    /// The body of the root fiber.
    private func run(_ worker: Worker) {
        do {
            while let job = try take(for: worker) {
                job.start()
                try letOthersRun()
            }
        } catch {
            fatalError("BUG: worker \(worker.number) was interrupted: \(error)")
        }
        // The loop ends without a park in between, and so cancels these before they run.
        for job in queues.withLock({ $0.takeAll(for: worker) }) { job.start() }
    }

    /// Parks until there is a job. `nil` once the pool stops.
    private func take(for worker: Worker) throws -> Job? {
        while true {
            switch queues.withLock({ $0.nextStep(of: worker) }) {
            case .run(let job): return job
            case .sleep: try worker.sleep()
            case .end: return nil
            }
        }
    }

    /// Parks until no other fiber is ready, but not for long.
    private func letOthersRun() throws {
        do {
            try withTimeout(patience) { try Loop.current.idle.wait(for: .idle) }
        } catch is TimeoutError {}
    }
}
