// SPDX-License-Identifier: MIT

/// A call took longer than the ``withTimeout(_:_:)`` around it allows.
public struct TimeoutError: Error, CustomStringConvertible {
    /// Says so.
    public var description: String { "the time allowed has passed" }
}

/// Runs `body`, but not for longer than `duration`.
///
/// At the deadline the park in which the fiber is, and every later one in `body`, throws ``TimeoutError``, outside of
/// a ``Fiber/shield(_:)`` within. Clean-up in `body` runs as after a cancellation, and nothing that was handed to the
/// fiber is lost. A body that never parks is never interrupted; one that catches the error and returns a value has its
/// value returned. Limits nest; the one that passes first ends what is inside of it.
///
/// Event-driven, around any wait: for a lock, a channel, a connection, or several of them in a row. For what wakes nobody
/// and can only be asked again and again, there is ``timedWait(timeout:pollInterval:_:)``: <doc:WaitingWithALimit>.
///
/// Parks the calling fiber only where `body` does.
///
/// - Parameters:
///   - duration: From now. Zero or less means as soon as the loop next looks at its timers.
///   - body: What may take so long.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, which is ``TimeoutError`` if the time passed and it did not catch that.
@available(*, noasync)
public func withTimeout<Result>(_ duration: Duration, _ body: () throws -> Result) throws -> Result {
    let scheduler = Scheduler.current
    let timers = scheduler.loop.timers
    return try scheduler.current.inScope(.timeLimit) { limit in
        let deadline = LoopClock.now.advanced(by: duration).nanoseconds
        let timer = timers.start(deadline: deadline, .expire(limit))
        defer { if !limit.isCancelled { timers.stop(timer) } }
        return try body()
    }
}
