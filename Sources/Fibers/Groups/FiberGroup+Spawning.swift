// SPDX-License-Identifier: MIT

extension FiberGroup {
    /// Makes a fiber of the group and schedules it on the calling thread; see
    /// ``Fiber/spawn(name:stackSize:file:line:_:)``. Children may spawn more, on their threads. In a group that was
    /// cancelled, the fiber is cancelled at once.
    ///
    /// - Precondition: The group has not ended.
    @discardableResult
    public func spawn<Result>(
        name: String? = nil, stackSize: Int? = nil, file: StaticString = #fileID, line: UInt = #line,
        _ body: @escaping () throws -> Result
    ) -> Fiber<Result> {
        let fiber = Fiber(name: name, stackSize: stackSize, file: file, line: line, body)
        fiber.bind(self)
        let child = isOfThisThread ? Child.ofThread(fiber) : .ofOtherThread(Job(fiber))
        if !isOfThisThread { keepHere(child) }
        add(child)
        child.start()
        cancelIfLate(child)
        return fiber
    }

    /// Makes a fiber of the group and hands it to a pool; see ``Threads/spawn(on:name:stackSize:file:line:_:)``. May be
    /// called from any thread. In a group that was cancelled, the fiber is cancelled at once.
    ///
    /// - Parameters: As there.
    /// - Returns: The fiber, for any thread.
    /// - Throws: As there; no fiber was made then.
    /// - Precondition: The group has not ended.
    @discardableResult
    public func spawn<Result: Sendable>(
        on pool: Threads.Pool, name: String? = nil, stackSize: Int? = nil, file: StaticString = #fileID,
        line: UInt = #line, _ body: @escaping @Sendable () throws -> Result
    ) throws -> Threads.Fiber<Result> {
        let handle = Threads.Fiber(Fiber(name: name, stackSize: stackSize, file: file, line: line, body))
        handle.job.fiber.bind(self)
        try pool.workers().submit(handle.job)
        let child = Child.ofOtherThread(handle.job)
        add(child)
        cancelIfLate(child)
        return handle
    }

    /// Keeps the child, which is of the calling thread, until the group is gone, and lets it go here.
    private func keepHere(_ child: Child) {
        var kept: Child? = child
        let parting = Note(for: .current) { if kept != nil { kept = nil } }
        queues.inSection { _ in partings.append(parting) }
    }

    /// A fiber of a group.
    enum Child {
        /// Of the thread of the body.
        case ofThread(AnyFiber)
        case ofOtherThread(Job)

        var fiber: AnyFiber {
            switch self {
            case .ofThread(let fiber): fiber
            case .ofOtherThread(let job): job.fiber
            }
        }

        func start() {
            switch self {
            case .ofThread(let fiber): fiber.schedule()
            case .ofOtherThread(let job): job.start()
            }
        }

        func waitUntilDone() throws {
            switch self {
            case .ofThread(let fiber): try fiber.waitUntilDone()
            case .ofOtherThread(let job): try job.wait()
            }
        }

        func cancel() {
            switch self {
            case .ofThread(let fiber): fiber.cancel()
            case .ofOtherThread(let job): job.request(.cancel)
            }
        }

        /// Cancels through shields.
        func interrupt() {
            switch self {
            case .ofThread(let fiber): if !fiber.isDone { fiber.schedule(throwing: CancellationError()) }
            case .ofOtherThread(let job): job.request(.fail(CancellationError()))
            }
        }

        /// The failure, which may be none, has reached somebody.
        func observe() {
            switch self {
            case .ofThread(let fiber): fiber.observe()
            case .ofOtherThread(let job): job.observe()
            }
        }
    }
}
