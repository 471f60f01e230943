// SPDX-License-Identifier: MIT

/// The workers of a pool, and the fibers that none of them has taken yet, first in, first out.
///
/// A worker takes one fiber at a time, and another when those that it has have run: so a busy one takes fewer.
final class WorkerPool: Sendable {
    /// The pools in use.
    static let shared = Locked<[Threads.Pool: WorkerPool]>([:])

    private struct State {
        var jobs: [Job] = []
        /// Jobs before this one have been taken.
        var next = 0
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
                    try Fiber.yield()
                }
            }
        } catch {
            fatalError("worker \(number) of the pool \(name) ended: \(error)")
        }
    }

    /// Parks the worker's root fiber until there is a job.
    private func take(wakingBy wakeUp: WakeUp) throws -> Job {
        while true {
            if let job = takeOrGoIdle(wakeUp) { return job }
            try wakeUp.wait()
        }
    }

    private func takeOrGoIdle(_ wakeUp: WakeUp) -> Job? {
        state.withLock { state in
            guard state.next < state.jobs.count else {
                state.jobs.removeAll(keepingCapacity: true)
                state.next = 0
                state.idle.append(wakeUp)
                return nil
            }
            defer { state.next += 1 }
            return state.jobs[state.next]
        }
    }
}
