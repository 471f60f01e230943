// SPDX-License-Identifier: MIT

/// How a ``timedWait(timeout:pollInterval:_:)`` ended.
public enum TimedWaitResult: Sendable {
    /// The test became true.
    case ok
    /// The time passed first.
    case timedOut
}

/// Waits until `test` becomes true, or until the time has passed, whichever is first (Julia's `timedwait`, row W16).
///
/// Polls: `test` is called at once, then after every interval; each time first the test is made, then the time is
/// looked at. So the limit is rounded up to the next interval, and a true test wins.
///
/// For a question that announces no answer: whether a file is there, whether a server accepts. Around anything in which a
/// fiber can park, ``withTimeout(_:_:)`` is exact and costs nothing until it happens: <doc:WaitingWithALimit>.
///
/// Parks the calling fiber between calls of `test`.
///
/// - Parameters:
///   - timeout: May be zero or negative: then there is one test at once and one after an interval.
///   - pollInterval: At least one millisecond.
///   - test: Whether what is waited for is so.
/// - Throws: ``ArgumentError`` if the interval is shorter; what `test` throws; `CancellationError` if the fiber is
///   cancelled.
@available(*, noasync)
public func timedWait(
    timeout: Duration, pollInterval: Duration = .milliseconds(100), _ test: () throws -> Bool
) throws -> TimedWaitResult {
    guard pollInterval >= .milliseconds(1) else {
        throw ArgumentError("pollInterval must be at least 1 millisecond, not \(pollInterval)")
    }
    let start = LoopClock.now
    if try test() { return .ok }
    var tick = start
    while true {
        // Ticks missed while the test ran are skipped.
        repeat { tick = tick.advanced(by: pollInterval) } while tick < LoopClock.now
        try Fiber.sleep(until: tick)
        if try test() { return .ok }
        if start.duration(to: LoopClock.now) > timeout { return .timedOut }
    }
}
