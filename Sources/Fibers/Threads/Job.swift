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
        var isFailureSeen = false
        /// What the fiber's thread has not done yet, in order.
        var requests: [Request] = []
        /// Makes the fiber's thread look at the requests; there is one while the fiber has started and not finished.
        var messenger: Note?
        /// Those who wait for the end.
        var waiters: [ObjectIdentifier: Note] = [:]

        mutating func takeRequests() -> [Request] {
            defer { requests = [] }
            return requests
        }
    }

    /// What any thread may ask of the fiber. Done on the fiber's thread, once it has one.
    enum Request {
        case cancel
        case pass((any Sendable)?)
        case fail(any Error)
    }

    init(_ fiber: AnyFiber) { self.fiber = fiber }

    deinit {
        let isSeen = state.withLock { $0.isFailureSeen }
        if !isSeen, let failure = fiber.failure, !fiber.endedByCancellation { FailureReports.write(fiber, failure) }
    }

    var isFinished: Bool { state.withLock { $0.isFinished } }

    /// Called on the thread that runs the fiber.
    func start() {
        let messenger = Note(for: .current) { [self] in fulfil(state.withLock { $0.takeRequests() }) }
        let requests = state.withLock { state in
            state.messenger = messenger
            return state.takeRequests()
        }
        fiber.bind(self)
        fiber.schedule()
        fulfil(requests)
    }

    /// Parks the calling fiber until the job's has finished.
    func wait() throws {
        guard !isFinished else { return }
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

    /// May be called from any thread. Does nothing if the fiber has finished.
    func request(_ request: Request) {
        let messenger = state.withLock { state -> Note? in
            guard !state.isFinished else { return nil }
            state.requests.append(request)
            return state.messenger
        }
        messenger?.send()
    }

    /// Called on the fiber's thread.
    private func fulfil(_ requests: [Request]) {
        for request in requests {
            switch request {
            case .cancel: fiber.cancel()
            case .pass(let value): fiber.pass(value.map { $0 as Any })
            case .fail(let error): fiber.schedule(throwing: error)
            }
        }
    }

    /// The failure has reached somebody and need not be reported.
    func observe() { state.withLock { $0.isFailureSeen = true } }
}

extension Job: EndsWithFiber {
    func close(after fiber: AnyFiber) {
        fiber.observe()
        fiber.dropPassedValues()
        // Values go away outside of the lock.
        let last = state.withLock { state in
            defer {
                state.isFinished = true
                state.requests = []
                state.messenger = nil
            }
            return state
        }
        for note in last.waiters.values { note.send() }
    }
}

/// Where one fiber waits for another thread.
private final class LocalWait {
    let queue = WaitQueue()

    deinit { queue.destroy() }
}
