// SPDX-License-Identifier: MIT

/// How long a fiber may wait in the pool because every worker has others that are ready.
private let patience = Duration.milliseconds(10)

/// The workers of a pool, and the fibers that none of them has taken yet, first in, first out.
///
/// A worker takes a fiber when none of those that it has is ready: what one fiber began is finished before the next begins, in
/// memory that is warm, and who is busy leaves the rest to others. But after some time it takes one all the same.
final class WorkerPool: Sendable {
    /// The pools in use.
    static let shared = Locked<[Threads.Pool: WorkerPool]>([:])

    private struct State {
        var jobs = Ring<Job>(reserving: 64)
        /// Workers that sleep until there is a job.
        var idle: [WakeUp] = []
    }

    private let state = Locked(State())
    private let name: String

    init(name: String, size: Int) throws(IOError) {
        self.name = name
        for number in 1...size { try SystemThread.start { [self] in run(number) } }
    }

    /// Hands a fiber to whoever is free next. May be called from any thread.
    func submit(_ job: Job) {
        let sleeper = state.withLock { state in
            state.jobs.append(job)
            return state.idle.popLast()
        }
        sleeper?.send()
    }

    private func run(_ number: Int) {
        do {
            try EventLoop.run {
                Loop.current.workerNumber = number
                let wakeUp = WakeUp()
                while true {
                    try take(wakingBy: wakeUp).start()
                    try letOthersRun()
                }
            }
        } catch {
            fatalError("worker \(number) of the pool \(name) ended: \(error)")
        }
    }

    /// Parks the worker's root fiber until no other is ready, but not for long.
    private func letOthersRun() throws {
        do {
            try withTimeout(patience) { try Loop.current.idle.wait(for: .idle) }
        } catch is TimeoutError {}
    }

    /// Parks the worker's root fiber until there is a job.
    private func take(wakingBy wakeUp: WakeUp) throws -> Job {
        while true {
            if let job = takeOrGoIdle(wakeUp) { return job }
            try wakeUp.wait(for: .job)
        }
    }

    private func takeOrGoIdle(_ wakeUp: WakeUp) -> Job? {
        state.withLock { state in
            guard state.jobs.count > 0 else {
                state.idle.append(wakeUp)
                return nil
            }
            return state.jobs.removeFirst()
        }
    }
}
