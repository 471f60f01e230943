// SPDX-License-Identifier: MIT

/// The fibers of one ``withFiberGroup(onFailure:_:)``, on whatever threads.
///
/// `@unchecked Sendable`: what changes is accessed in sections only, but for the scope, which belongs to the thread of the
/// body.
public final class FiberGroup: @unchecked Sendable {
    /// What the failure of a child means for the others.
    public enum FailurePolicy: Sendable {
        /// They go on; the group waits for all, as Julia's `@sync` does.
        case waitForAll
        /// They are cancelled at once, and so is the body: until the group has ended, every park of it throws
        /// `CancellationError`, outside of a ``Fiber/shield(_:)`` within.
        case cancelOthers
    }

    private let policy: FailurePolicy
    /// The body and the wait for the children. Gone when the group has ended.
    private let scope: CancelScope
    /// Of the body.
    private let home = Loop.current
    /// Only their guard is used.
    let queues = SharedQueues(0)
    @exclusivity(unchecked) private var children: [Child] = []
    /// Let children go on their threads, to which what they returned belongs.
    @exclusivity(unchecked) var partings: [Note] = []
    @exclusivity(unchecked) private var isOver = false
    /// The children were cancelled: their cancellations are the group's own and no failures.
    @exclusivity(unchecked) private var isCancelled = false
    @exclusivity(unchecked) private var earliestFailure: FiberFailedError?

    init(policy: FailurePolicy, scope: CancelScope) {
        self.policy = policy
        self.scope = scope
    }

    deinit {
        for parting in partings { parting.send() }
        queues.destroy()
    }

    /// How many fibers have been spawned in the group.
    var count: Int { queues.inSection { _ in children.count } }

    /// What failed first, other than by the group's own cancellation. Counts even if it is a cancellation.
    var firstFailure: FiberFailedError? { queues.inSection { _ in earliestFailure } }

    /// Cancels every child, and every one that will be spawned. May be called from any thread. Never parks.
    public func cancelAll() {
        queues.inSection { _ in isCancelled = true }
        atHome { [self] in
            for child in queues.inSection({ _ in children }) { child.cancel() }
        }
    }

    /// Does something on the thread of the body, now or soon; never, if its loop has ended.
    private func atHome(_ action: @escaping () -> Void) {
        if home.isCurrent { action() } else { Note(for: home, didArrive: action).send() }
    }

    /// Adds a child, which may have begun already. In a group that was cancelled, it is cancelled at once.
    func add(_ child: Child) {
        let isLate = queues.inSection { _ in
            if !isOver { children.append(child) }
            return isOver
        }
        require(!isLate, "a fiber was spawned at \(child.fiber.site) in a group that has ended")
    }

    /// Whether the body runs on the calling thread.
    var isOfThisThread: Bool { home.isCurrent }

    /// Cancels a child that came too late to be cancelled with the others.
    func cancelIfLate(_ child: Child) {
        if queues.inSection({ _ in isCancelled }) { child.cancel() }
    }
}

// MARK: The body

extension FiberGroup {
    /// Whether an error of the body only says that this group has cancelled it.
    func isOwn(_ error: any Error) -> Bool { scope.isCancelled && error is CancellationError }

    /// Parks the calling fiber until every child has finished, those spawned meanwhile included. From then on there can
    /// be no more.
    func waitForChildren() throws {
        var index = 0
        while let child = child(index) {
            try child.waitUntilDone()
            index += 1
        }
    }

    /// `nil` at the end, which ends the group.
    private func child(_ index: Int) -> Child? {
        queues.inSection { _ in
            isOver = index == children.count
            return isOver ? nil : children[index]
        }
    }

    /// Cancels every child and parks until all have finished, whatever is thrown into the calling fiber meanwhile: its next
    /// park throws that. Where they are in a deadlock, the cancellation goes through their shields.
    func cancelAndAwaitChildren() {
        cancelAll()
        scope.fiber.insist(on: waitForChildren) { _ in
            for child in queues.inSection({ _ in children }) { child.interrupt() }
        }
    }

    /// What the children threw, in the order they were spawned. Cancellations of the group's own are no failures.
    func failures() -> [any Error] {
        let (children, isCancelled, first) = queues.inSection { _ in
            defer { self.children = [] }
            return (self.children, self.isCancelled, earliestFailure)
        }
        return children.compactMap { child in
            guard let error = child.fiber.failure else { return nil }
            child.observe()
            if isCancelled, error is CancellationError, child.fiber !== first?.fiber { return nil }
            return FiberFailedError(fiber: child.fiber, error: error)
        }
    }
}

// MARK: Failures

extension FiberGroup: EndsWithFiber {
    /// Notes the first failure; under `cancelOthers`, that ends everything else in the group. Called on the child's thread;
    /// the body is still there, because it waits for the child.
    func close(after child: AnyFiber) {
        guard let error = child.failure, note(FiberFailedError(fiber: child, error: error)) else { return }
        guard policy == .cancelOthers else { return }
        atHome { [self] in
            guard !queues.inSection({ _ in isOver }) else { return }
            cancelAll()
            scope.cancel()
        }
    }

    /// False if the failure may be one of the group's own cancellations.
    private func note(_ failure: FiberFailedError) -> Bool {
        queues.inSection { _ in
            if !isCancelled, earliestFailure == nil { earliestFailure = failure }
            return !isCancelled
        }
    }
}
