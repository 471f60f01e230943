// SPDX-License-Identifier: MIT

/// The fibers that no worker of a pool has taken yet, first in, first out, and the workers that sleep until there are any.
struct JobQueues {
    /// For whoever is free.
    private var shared = Ring<Job>(reserving: 64)
    /// For one worker each, which takes them first.
    private var own: [Ring<Job>]
    /// A worker sleeps from the time it is put here until it is woken; who takes it out wakes it.
    private var idle: [Worker] = []
    private var isClosed = false

    /// What a worker does next.
    enum Step {
        case run(Job)
        case sleep
        case end
    }

    init(workerCount: Int) { own = (0..<workerCount).map { _ in Ring(reserving: 1) } }

    /// Returns who must be woken.
    mutating func add(_ job: Job) throws -> Worker? {
        try refuseIfClosed()
        shared.append(job)
        return idle.popLast()
    }

    /// Adds one job for each worker. Returns who must be woken.
    mutating func add(toEachWorker jobs: [Job]) throws -> [Worker] {
        try refuseIfClosed()
        for index in own.indices { own[index].append(jobs[index]) }
        return takeIdle()
    }

    /// Takes no more. Returns who must be woken.
    mutating func close() -> [Worker] {
        isClosed = true
        return takeIdle()
    }

    mutating func nextStep(of worker: Worker) -> Step {
        guard !isClosed else { return .end }
        if let job = nextJob(of: worker) { return .run(job) }
        idle.append(worker)
        return .sleep
    }

    /// What nobody has begun, and who asks must end.
    mutating func takeAll(for worker: Worker) -> [Job] {
        var jobs: [Job] = []
        while let job = nextJob(of: worker) { jobs.append(job) }
        return jobs
    }

    /// Frees the memory.
    mutating func destroy() {
        shared.destroy()
        for index in own.indices { own[index].destroy() }
    }

    private func refuseIfClosed() throws {
        if isClosed { throw ClosedError(subject: "thread pool") }
    }

    private mutating func takeIdle() -> [Worker] {
        defer { idle = [] }
        return idle
    }

    private mutating func nextJob(of worker: Worker) -> Job? {
        let index = worker.number - 1
        if own[index].count > 0 { return own[index].removeFirst() }
        return shared.count > 0 ? shared.removeFirst() : nil
    }
}
