// SPDX-License-Identifier: MIT

extension Fiber where Result == Never {
    /// Runs `fiber` next, ahead of everything queued, and goes on when the calling fiber's turn comes (Julia's
    /// `yield(t, x)`, row S7).
    ///
    /// Parks the calling fiber, at the end of the queue, until its turn comes again.
    ///
    /// - Parameters:
    ///   - fiber: Who runs next.
    ///   - value: What the ``park()`` or ``switch(to:passing:)`` of the fiber returns; a fiber that has not started
    ///     ignores it.
    /// - Throws: ``ConcurrencyViolationError`` if the fiber is neither new nor parked in one of those two, or is the calling
    ///   one, or belongs to another thread (row TH7); `CancellationError` if the calling fiber is cancelled.
    @available(*, noasync)
    public static func yield(to fiber: AnyFiber, passing value: Any? = nil) throws {
        let scheduler = Scheduler.current
        guard fiber.record != scheduler.current else {
            throw ConcurrencyViolationError("cannot yield to the currently running fiber (\(fiber))")
        }
        try fiber.requireThisThread()
        guard fiber.isSchedulable else { throw ConcurrencyViolationError("yield: Fiber not runnable: \(fiber)") }
        fiber.schedule(passing: value)
        fiber.record.moveToFront()
        try scheduler.yield()
    }

    /// Hands the processor to `fiber`, symmetrically: nobody comes back by itself (Julia's `yieldto`, rows S8 to S10, and
    /// questions Q1 and Q2).
    ///
    /// Parks the calling fiber outside of all queues until somebody switches to it or schedules it. A fiber that is queued
    /// is taken out of its queue first. One that waits for something leaves its wait queue, and its wait throws
    /// ``ConcurrencyViolationError``, since only what it waits for could give the wait a value. A fiber that ends passes the
    /// processor to whoever is queued.
    ///
    /// - Parameters:
    ///   - fiber: Who runs next, whatever state it is in.
    ///   - value: What the ``park()`` or `switch(to:)` of the fiber returns; a fiber that has not started, or was
    ///     queued, ignores it.
    /// - Returns: What was passed to the calling fiber; `value` itself, at once, if `fiber` is done or the calling one.
    /// - Throws: The error of `fiber`, bare, if it has failed; ``ConcurrencyViolationError`` if it belongs to another thread
    ///   and has not finished (row TH7); `CancellationError` if the calling fiber is cancelled;
    ///   ``DeadlockError`` if it is the root fiber and nothing can ever run again.
    @available(*, noasync)
    @discardableResult
    public static func `switch`(to fiber: AnyFiber, passing value: Any? = nil) throws -> Any? {
        let scheduler = Scheduler.current
        let next = fiber.record
        if next.isFinished || next == scheduler.current {
            try fiber.throwFailure()
            return value
        }
        try fiber.requireThisThread()
        guard next.isParkedUntilScheduled, scheduler.current.interruption.isEmpty, scheduler.takeOver(next) else {
            fiber.makeReady(passing: value)
            return try scheduler.parkUntilScheduled()
        }
        next.give(value)
        return try scheduler.parkUntilScheduled(running: next)
    }
}

extension AnyFiber {
    fileprivate func throwFailure() throws {
        guard let failure else { return }
        observe()
        throw failure
    }

    /// A fiber of another thread can come here only past the compiler (row TH7).
    fileprivate func requireThisThread() throws {
        guard isNew || record.isOfThisThread else {
            throw ConcurrencyViolationError("cannot switch to a fiber that belongs to another thread")
        }
    }

    /// New, or parked until it is scheduled.
    var isSchedulable: Bool {
        isNew || record.isParkedUntilScheduled
    }

    /// To the head of the run queue, from wherever it is.
    fileprivate func makeReady(passing value: Any?) {
        if isSchedulable {
            schedule(passing: value)
        } else if record.phase == .waiting {
            record.interrupt(throwing: ConcurrencyViolationError("somebody switched to \(self), which was waiting"))
        }
        record.moveToFront()
    }
}
