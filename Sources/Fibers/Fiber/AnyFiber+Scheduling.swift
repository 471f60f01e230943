// SPDX-License-Identifier: MIT

extension AnyFiber {
    /// Appends the fiber to the run queue; never runs it (Julia's `schedule(t)`, row S1).
    ///
    /// Schedules a new fiber, or wakes one parked in ``Fiber/park()``, which then returns `nil`.
    ///
    /// - Returns: The fiber itself, so that `fiber.schedule().fetch()` can be written.
    /// - Precondition: The fiber is new or parked in `park()`, so its ``state`` is `runnable` and it is not the current one.
    ///   One that was just cancelled out of `park()` is queued already.
    @discardableResult
    public func schedule() -> Self { schedule(passing: nil) }

    /// As ``schedule()``, and the `park()` of the fiber returns `value` (Julia's `schedule(t, v)`, row S2). A fiber that
    /// has not started ignores it.
    @discardableResult
    public func schedule(passing value: Any?) -> Self {
        if isNew {
            Scheduler.current.schedule(self)
        } else if isSchedulable {
            record.deliver(value)
        } else {
            fatalError("schedule: Fiber not runnable: \(self)")
        }
        return self
    }

    /// As ``schedule(passing:)`` if the fiber is parked in ``Fiber/park()`` or ``Fiber/switch(to:passing:)``; else does
    /// nothing. For who cannot know whether the fiber was interrupted meanwhile. Never parks.
    ///
    /// - Parameter value: What the parked call returns.
    /// - Returns: Whether the fiber was scheduled.
    @discardableResult
    public func scheduleIfParked(passing value: Any? = nil) -> Bool {
        guard record.isParkedUntilScheduled else { return false }
        record.deliver(value)
        return true
    }

    /// Throws `error` out of the call in which the fiber is parked (Julia's `schedule(t, e, error=true)`, row S3).
    ///
    /// Takes the fiber out of whatever queue it is in and appends it to the run queue; the error is thrown when its turn
    /// comes. A fiber that has not started fails with the error without running. If the fiber's wait was decided already,
    /// or it is running, its next park throws the error.
    ///
    /// - Precondition: The fiber has not finished.
    public func schedule(throwing error: any Error) {
        require(!isDone, "schedule: Fiber not runnable: \(self)")
        if isNew { Scheduler.current.schedule(self) }
        record.interrupt(throwing: error)
    }

    /// Makes every present and later park of the fiber throw `CancellationError` until it ends, but for those in
    /// ``Fiber/shield(_:)``.
    ///
    /// A fiber that has not started fails with that error without running. A value that was handed to the fiber before is
    /// still returned; the park after that throws. Does nothing if the fiber has finished. Never parks.
    public func cancel() {
        guard !isDone else { return }
        if isNew { Scheduler.current.schedule(self) }
        record.cancel()
    }

    /// Parks the calling fiber until this one has finished; returns at once, as often as asked, if it has.
    ///
    /// - Throws: ``FiberFailedError`` if the body threw; ``ConcurrencyViolationError`` if the fiber waits for itself;
    ///   `CancellationError` if the calling fiber is cancelled meanwhile; ``DeadlockError`` if the calling fiber is the
    ///   root fiber and nothing can ever run again.
    @available(*, noasync)
    public func wait() throws {
        try waitUntilDone()
        if let failure { throw FiberFailedError(fiber: self, error: failure) }
    }

    /// As ``wait()``, but a failure of the fiber is no error (Julia's `wait(t; throw=false)`, row NW7). It counts as
    /// seen, and is not reported; ``failure`` has it.
    ///
    /// Parks the calling fiber until this one has finished; returns at once, as often as asked, if it has.
    ///
    /// - Throws: ``ConcurrencyViolationError`` if the fiber waits for itself; `CancellationError` if the calling fiber
    ///   is cancelled meanwhile; ``DeadlockError`` if the calling fiber is the root fiber and nothing can ever run
    ///   again.
    @available(*, noasync)
    public func waitUntilDone() throws {
        if !isDone { try join() }
        if isFailed { observe() }
    }

    /// Never scheduled.
    var isNew: Bool { record.phase == .created }

    /// Runs this code.
    var isCurrent: Bool { record == Scheduler.current.current }

    /// A fiber that waited for itself would do so for ever.
    func refuseItself() throws {
        guard !isCurrent else {
            throw ConcurrencyViolationError("deadlock detected: cannot wait on current fiber (\(self))")
        }
    }

    private func join() throws {
        try refuseItself()
        try record.joiners.wait(for: .fiber, subject: self)
    }
}
