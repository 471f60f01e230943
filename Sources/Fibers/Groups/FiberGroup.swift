// SPDX-License-Identifier: MIT

/// The fibers of one ``withFiberGroup(onFailure:_:)``.
public final class FiberGroup {
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
    private var children: [AnyFiber] = []
    private var isOver = false
    /// The children were cancelled: their cancellations are the group's own and no failures.
    private var isCancelled = false
    /// What failed first, other than by the group's own cancellation. Counts even if it is a cancellation.
    private(set) var firstFailure: FiberFailedError?

    init(policy: FailurePolicy, scope: CancelScope) {
        self.policy = policy
        self.scope = scope
    }

    /// Makes a fiber of the group and schedules it; see ``Fiber/spawn(name:stackSize:file:line:_:)``. Children may spawn
    /// more. In a group that was cancelled, the fiber is cancelled at once.
    ///
    /// - Precondition: The group has not ended.
    @discardableResult
    public func spawn<Result>(
        name: String? = nil, stackSize: Int? = nil, file: StaticString = #fileID, line: UInt = #line,
        _ body: @escaping () throws -> Result
    ) -> Fiber<Result> {
        require(!isOver, "a fiber was spawned at \(file):\(line) in a group that has ended")
        let child = Fiber(name: name, stackSize: stackSize, file: file, line: line, body)
        child.bind(self)
        children.append(child)
        child.schedule()
        if isCancelled { child.cancel() }
        return child
    }

    /// How many fibers have been spawned in the group.
    var count: Int { children.count }

    /// Cancels every child, and every one that will be spawned. Never parks.
    public func cancelAll() {
        isCancelled = true
        for child in children { child.cancel() }
    }

    /// Whether an error of the body only says that this group has cancelled it.
    func isOwn(_ error: any Error) -> Bool { scope.isCancelled && error is CancellationError }

    /// Parks the calling fiber until every child has finished, those spawned meanwhile included.
    func waitForChildren() throws {
        var index = 0
        while index < children.count {
            try children[index].waitUntilDone()
            index += 1
        }
    }

    /// Cancels every child and parks until all have finished, whatever is thrown into the calling fiber meanwhile: its next
    /// park throws that. Where they are in a deadlock, the cancellation goes through their shields.
    func cancelAndAwaitChildren() {
        cancelAll()
        scope.fiber.insist(on: waitForChildren) { _ in interruptChildren() }
    }

    private func interruptChildren() {
        for child in children where !child.isDone { child.schedule(throwing: CancellationError()) }
    }

    /// No more children; what they threw, in the order they were spawned. Cancellations of the group's own are no failures.
    func end() -> [any Error] {
        isOver = true
        defer { children = [] }
        return children.compactMap { child in
            guard let error = child.failure else { return nil }
            child.observe()
            if isCancelled, error is CancellationError, child !== firstFailure?.fiber { return nil }
            return FiberFailedError(fiber: child, error: error)
        }
    }
}

extension FiberGroup: EndsWithFiber {
    /// Notes the first failure; under `cancelOthers`, that ends everything else in the group.
    func close(after child: AnyFiber) {
        guard let error = child.failure, !isCancelled else { return }
        if firstFailure == nil { firstFailure = FiberFailedError(fiber: child, error: error) }
        guard policy == .cancelOthers else { return }
        cancelAll()
        scope.cancel()
    }
}
