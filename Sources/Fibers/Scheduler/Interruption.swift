// SPDX-License-Identifier: MIT
import CFibers

// Invariant 5: everything that parks can be interrupted. An interruption unlinks the fiber from its wait queue and makes
// it ready with an error, which its park throws. A wait that was decided before keeps its result; the error then comes
// out of the next park.

extension FiberRecord {
    /// Throws `error` out of the fiber's present park or, if it is not parked or its wait was decided already, out of
    /// its next one. A fiber that has not started fails with the error without running.
    func interrupt(throwing error: any Error) {
        hand(error)
        moveToReady()
    }

    /// Lets the next park of the current fiber throw an error that a call could not throw. After a cancellation, and in
    /// a cancelled scope, it throws anyhow.
    func keepInterruption(_ error: any Error) {
        if interruption.isEmpty || !(error is CancellationError || error is TimeoutError) {
            interrupt(throwing: error)
        }
    }

    /// Throws `CancellationError` out of every park from now on, outside of shields.
    func cancel() {
        pointer.pointee.is_cancelled = true
        updateInterruption()
    }

    /// Throws `error` out of the fiber's present park. Does nothing if it is not parked or its wait was decided already.
    func interruptIfUndecided(throwing error: any Error) {
        guard phase == .waiting, leaveWaitQueue() else { return }
        hand(error)
        scheduler.makeReady(self, .ready)
    }

    private func hand(_ error: any Error) {
        owner.madeExtras().handedError = error
        interruption.insert(.error)
    }

    /// The fiber or a scope of it was cancelled, or it entered or left a scope. Wakes it if there is more to throw.
    func updateInterruption() {
        let lasting = lastingInterruption
        let isMore = !interruption.isSuperset(of: lasting)
        interruption = interruption.subtracting([.cancellation, .timeout]).union(lasting)
        if isMore { moveToReady() }
    }

    /// Whether `cancel` was called, in a shield or not.
    var isCancelled: Bool { pointer.pointee.is_cancelled }

    /// Makes a fiber of the run queue the next to run.
    func moveToFront() {
        guard phase == .ready || phase == .starting else { return }
        fibers_list_remove(&pointer.pointee.link)
        scheduler.makeNext(self)
    }

    /// For the root fiber, which goes on after it was cancelled.
    func forgetInterruptions() {
        interruption = []
        pointer.pointee.is_cancelled = false
    }

    private func moveToReady() {
        switch phase {
        case .waiting:
            if leaveWaitQueue() { scheduler.makeReady(self, .ready) }
        case .starting, .ready:
            guard !isDelivered else { return }
            fibers_list_remove(&pointer.pointee.link)
            scheduler.makeReady(self, phase)
        case .created, .running, .done, .failed:
            break
        }
    }

    /// Takes a parked fiber out of its queue. False if another thread has decided its wait already.
    func leaveWaitQueue() -> Bool {
        let section = sharedSubject?.queues.enter()
        defer { section?.leave() }
        guard !isDelivered else { return false }
        fibers_list_remove(&pointer.pointee.link)
        return true
    }

    /// What a parked fiber waits for, if other threads may end the wait.
    private var sharedSubject: (any Shared)? { reason.isShared ? subject as? any Shared : nil }

    /// The error that the present park throws.
    @inline(never)
    func takeInterruption() -> any Error {
        guard interruption.contains(.error) else {
            return interruption.contains(.cancellation) ? CancellationError() : TimeoutError()
        }
        interruption.remove(.error)
        let extras = owner.madeExtras()
        defer { extras.handedError = nil }
        return extras.handedError ?? CancellationError()
    }

    /// The error for a park that must not even begin.
    @inline(never)
    func refusePark() -> any Error {
        guard interruption.contains(.noParking) else { return takeInterruption() }
        let isLoopFiber = pointer == scheduler.core.pointee.loop_fiber
        fatalError(
            isLoopFiber
                ? "a libuv callback cannot park: store the result and wake a fiber"
                : "a deinit at the end of a fiber cannot park: \(owner)")
    }
}
