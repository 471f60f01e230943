// SPDX-License-Identifier: MIT

/// A fiber on its way to a thread, and what other threads know of it.
///
/// `@unchecked Sendable`: the fiber belongs to whoever submits it, then to the thread that starts it; once it is finished,
/// nothing in it changes, and the lock orders that before everybody who looks.
final class Job: @unchecked Sendable {
    let fiber: AnyFiber
    private let state = Locked(State())

    private struct State {
        var isFinished = false
        var isCancelled = false
        var isFailureSeen = false
        /// Makes the fiber's thread cancel it; there is one while the fiber has started and not finished.
        var canceller: Note?
        /// Those who wait for the end.
        var waiters: [ObjectIdentifier: Note] = [:]
    }

    init(_ fiber: AnyFiber) { self.fiber = fiber }

    deinit {
        let isSeen = state.withLock { $0.isFailureSeen }
        if !isSeen, let failure = fiber.failure, !fiber.endedByCancellation { FailureReports.write(fiber, failure) }
    }

    var isFinished: Bool { state.withLock { $0.isFinished } }

    /// Called on the thread that runs the fiber.
    func start() {
        let canceller = Note(for: .current) { [fiber] in fiber.cancel() }
        let isCancelled = state.withLock { state in
            state.canceller = canceller
            return state.isCancelled
        }
        fiber.bind(self)
        fiber.schedule()
        if isCancelled { fiber.cancel() }
    }

    /// May be called from any thread.
    func cancel() {
        let canceller = state.withLock { state in
            state.isCancelled = true
            return state.canceller
        }
        canceller?.send()
    }

    /// Parks the calling fiber until the job's has finished.
    func wait() throws {
        let waiters = LocalWait()
        let note = Note(for: .current) { waiters.queue.wakeAll() }
        guard register(note) else { return }
        defer { state.withLock { $0.waiters[ObjectIdentifier(note)] = nil } }
        while !isFinished { try waiters.queue.wait(for: .thread, subject: fiber) }
    }

    /// False if the fiber has finished.
    private func register(_ note: Note) -> Bool {
        state.withLock { state in
            if !state.isFinished { state.waiters[ObjectIdentifier(note)] = note }
            return !state.isFinished
        }
    }

    /// The failure has reached somebody and need not be reported.
    func observe() { state.withLock { $0.isFailureSeen = true } }
}

extension Job: EndsWithFiber {
    func close(after fiber: AnyFiber) {
        fiber.observe()
        let waiters = state.withLock { state in
            state.isFinished = true
            state.canceller = nil
            return state.waiters.values
        }
        for note in waiters { note.send() }
    }
}

/// Where one fiber waits for another thread.
private final class LocalWait {
    let queue = WaitQueue()

    deinit { queue.destroy() }
}
