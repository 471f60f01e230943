// SPDX-License-Identifier: MIT

extension Fiber where Result == Never {
    /// Does nothing for a while (row S11).
    ///
    /// Parks the calling fiber until the time has passed, never less; a sleep of zero lets everybody else run first.
    ///
    /// - Parameter duration: Measured by the monotonic clock, which stands still while the machine is suspended.
    /// - Throws: ``ArgumentError`` if the duration is negative; `CancellationError` if the fiber is cancelled.
    /// - Complexity: O(log *n*) for *n* sleeping fibers.
    @available(*, noasync)
    public static func sleep(for duration: Duration) throws {
        guard duration >= .zero else {
            throw ArgumentError("cannot sleep for \(duration): give a duration of zero or more")
        }
        try Scheduler.current.sleep(until: LoopClock.now.advanced(by: duration))
    }

    /// Does nothing until an instant of the ``LoopClock`` has come; see ``sleep(for:)``. Returns after one round of the
    /// other fibers if it has passed.
    @available(*, noasync)
    public static func sleep(until deadline: LoopClock.Instant) throws {
        try Scheduler.current.sleep(until: deadline)
    }
}

extension Scheduler {
    func sleep(until deadline: LoopClock.Instant) throws {
        let timers = loop.timers
        let timer = timers.start(deadline: deadline.nanoseconds, waking: current)
        do {
            try park(for: .sleep)
        } catch {
            timers.stop(timer)
            throw error
        }
    }
}
