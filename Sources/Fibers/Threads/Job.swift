// SPDX-License-Identifier: MIT

/// A fiber on its way to a thread, and what other threads know of it.
///
/// `@unchecked Sendable`: the fiber belongs to whoever submits it, then to the thread that starts it; once it is finished,
/// nothing in it changes, and the guard orders that before everybody who looks. What changes here is accessed in sections
/// only.
final class Job: Shared, @unchecked Sendable {
    let fiber: AnyFiber
    /// Where the fiber was made.
    let site: SpawnSite
    /// Those who wait for the end. The flag says that it has come.
    let queues = SharedQueues()
    @exclusivity(unchecked) private var isFailureSeen = false
    /// What the fiber's thread has not done yet, in order.
    @exclusivity(unchecked) private var requests: [Request] = []
    /// Makes the fiber's thread look at the requests; there is one while the fiber has started and not finished.
    @exclusivity(unchecked) private var messenger: Note?

    /// What any thread may ask of the fiber. Done on the fiber's thread, once it has one.
    enum Request {
        case cancel
        case pass((any Sendable)?)
        case fail(any Error)
    }

    init(_ fiber: AnyFiber) {
        self.fiber = fiber
        site = fiber.site
        _ = fiber.madeExtras()  // from now on only its thread may
    }

    deinit {
        queues.destroy()
        if !isFailureSeen, let failure = fiber.failure, !fiber.endedByCancellation {
            FailureReports.write(fiber, failure)
        }
    }

    var isFinished: Bool { queues.flag }

    /// Called on the thread that runs the fiber.
    func start() {
        let messenger = Note(for: .current) { [self] in fulfil(takeRequests()) }
        queues.inSection { _ in self.messenger = messenger }
        fiber.bind(self)
        Scheduler.current.othersMayInterrupt(1)
        fiber.schedule()
        fulfil(takeRequests())
    }

    /// Parks the calling fiber until the job's has finished.
    func wait() throws {
        let section = queues.enter()
        if isFinished { return section.leave() }
        try queues[0].wait(for: .thread, subject: self, leaving: section)
    }

    /// May be called from any thread. Does nothing if the fiber has finished.
    func request(_ request: Request) {
        let messenger = queues.inSection { _ -> Note? in
            guard !isFinished else { return nil }
            requests.append(request)
            return self.messenger
        }
        messenger?.send()
    }

    private func takeRequests() -> [Request] {
        queues.inSection { _ in
            defer { requests = [] }
            return requests
        }
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
    func observe() { queues.inSection { _ in isFailureSeen = true } }
}

extension Job: EndsWithFiber {
    func close(after fiber: AnyFiber) {
        Scheduler.current.othersMayInterrupt(-1)
        fiber.observe()
        fiber.dropPassedValues()
        let section = queues.enter()
        // What they hold goes away after the section.
        withExtendedLifetime((requests, messenger)) {
            (requests, messenger) = ([], nil)
            queues.flag = true
            queues[0].wakeAll(in: section)
            section.leave()
        }
    }
}

extension Job: CustomStringConvertible {
    /// For reports: what any thread may know of the fiber.
    var description: String { "fiber \(fiber.name.map { "\"\($0)\"" } ?? "spawned at \(site)")" }
}
