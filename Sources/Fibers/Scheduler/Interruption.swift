// SPDX-License-Identifier: MIT
import CFibers

// Invariant 5: everything that parks can be interrupted. An interruption unlinks the fiber from its wait queue and makes
// it ready with an error, which its park throws. A wait that was decided before keeps its result; the error then comes
// out of the next park.

extension FiberRecord {
    /// Throws `error` out of the fiber's present park or, if it is not parked or its wait was decided already, out of
    /// its next one. A fiber that has not started fails with the error without running.
    func interrupt(throwing error: any Error) {
        owner.madeExtras().handedError = error
        interruption.insert(.error)
        moveToReady()
    }

    /// Lets the next park of the current fiber throw an error that a call could not throw. After a cancellation, or while
    /// a time limit has passed, it throws anyhow.
    func keepInterruption(_ error: any Error) {
        if interruption.isEmpty || !(error is CancellationError || error is TimeoutError) {
            interrupt(throwing: error)
        }
    }

    /// Throws `CancellationError` out of every park from now on, outside of shields.
    func cancel() {
        pointer.pointee.is_cancelled = true
        interruptOutsideShields(.cancellation)
    }

    /// Throws `TimeoutError` out of every park from now on, outside of shields, until `limitEnded`.
    func limitExpired() {
        pointer.pointee.expired_limits += 1
        interruptOutsideShields(.timeout)
    }

    /// A time limit that had passed no longer applies.
    func limitEnded() {
        pointer.pointee.expired_limits -= 1
        if pointer.pointee.expired_limits == 0 { interruption.remove(.timeout) }
    }

    private func interruptOutsideShields(_ reason: Interruption) {
        guard pointer.pointee.shield_depth == 0, !interruption.contains(reason) else { return }
        interruption.insert(reason)
        moveToReady()
    }

    /// Whether `cancel` was called, in a shield or not.
    var isCancelled: Bool { pointer.pointee.is_cancelled }

    func enterShield() {
        pointer.pointee.shield_depth += 1
        interruption.subtract([.cancellation, .timeout])
    }

    func leaveShield() {
        pointer.pointee.shield_depth -= 1
        guard pointer.pointee.shield_depth == 0 else { return }
        if isCancelled { interruption.insert(.cancellation) }
        if pointer.pointee.expired_limits > 0 { interruption.insert(.timeout) }
    }

    /// Makes a queued fiber the next to run.
    func moveToFront() {
        fibers_list_remove(&pointer.pointee.link)
        scheduler.makeNext(self)
    }

    /// Takes an error back that was handed over and not thrown yet.
    func withdrawInterruption(where isMeant: (any Error) -> Bool) {
        guard interruption.contains(.error), let error = owner.extras?.handedError, isMeant(error) else { return }
        interruption.remove(.error)
        owner.extras?.handedError = nil
    }

    /// For the root fiber, which goes on after it was cancelled.
    func forgetInterruptions() {
        interruption = []
        pointer.pointee.is_cancelled = false
    }

    private func moveToReady() {
        switch phase {
        case .waiting:
            fibers_list_remove(&pointer.pointee.link)
            scheduler.makeReady(self, .ready)
        case .starting, .ready:
            guard !isDelivered else { return }
            fibers_list_remove(&pointer.pointee.link)
            scheduler.makeReady(self, phase)
        case .created, .running, .done, .failed:
            break
        }
    }

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
        require(!isFinished, "a deinit at the end of a fiber cannot park")
        require(!interruption.contains(.noParking), "a libuv callback cannot park: store the result and wake a fiber")
        return takeInterruption()
    }
}
