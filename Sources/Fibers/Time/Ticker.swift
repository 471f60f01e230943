// SPDX-License-Identifier: MIT

/// Ticks after a while, and then again and again (Julia's `Timer`, rows IO1–IO6).
///
/// ```swift
/// let ticker = try Ticker(after: .seconds(2), every: .milliseconds(200))
/// for tick in ticker {
///     print("due at", tick)
/// }
/// ```
///
/// A tick wakes everybody who waits. One that comes when nobody waits is noted: the next wait returns at once. When
/// several are noted, ``MissedTicks`` says what becomes of them; by default they count as one. The schedule is
/// absolute: unless `missed` is `.delay`, a tick that is taken late does not move the next one, while Julia's timers
/// drift. No tick comes early.
///
/// A ticker costs nothing while nobody waits. For a single pause ``Fiber/sleep(for:)`` is enough.
public final class Ticker: Sequence, IteratorProtocol, CustomStringConvertible {
    /// The time before the first tick.
    public let timeout: Duration
    /// The time between ticks; zero if there is only one.
    public let interval: Duration
    /// What is done about ticks that nobody waited for.
    public let missed: MissedTicks
    /// When the next tick is due.
    @exclusivity(unchecked) private var due: LoopClock.Instant
    /// The tick that was taken last.
    @exclusivity(unchecked) private var taken: LoopClock.Instant?
    /// When it was closed: what was due before can still be taken.
    @exclusivity(unchecked) private var end: LoopClock.Instant?
    private let waiters = WaitQueue()

    /// Makes a ticker, which starts at once. Never parks.
    ///
    /// - Parameters:
    ///   - timeout: The time before the first tick.
    ///   - interval: The time between ticks, at least a nanosecond; zero for a ticker that ticks once.
    ///   - missed: What is done about ticks that nobody waited for.
    /// - Throws: ``ArgumentError`` if a duration is negative.
    public init(after timeout: Duration, every interval: Duration = .zero, missed: MissedTicks = .skip) throws {
        self.timeout = timeout
        self.interval = interval
        self.missed = missed
        due = LoopClock.now.advanced(by: timeout)
        // Not before: the deinit of what is half made does not run, and frees nothing.
        guard timeout >= .zero else {
            throw ArgumentError("a ticker cannot begin after \(timeout): give a duration of zero or more")
        }
        guard interval >= .zero else {
            throw ArgumentError("a ticker cannot tick every \(interval): give a duration of zero or more")
        }
    }

    deinit { waiters.destroy() }

    private var ticksOnce: Bool { interval == .zero }

    var isClosed: Bool { end != nil }

    /// Whether there is a tick to come: it was not closed and, if it ticks once, has not done so. A fiber that asks
    /// again and again sees it change, even if it never yields (row IO3 says otherwise of Julia's).
    public var isOpen: Bool { !isClosed && !(ticksOnce && due <= LoopClock.now) }

    /// Waits for the next tick, or takes one that was noted.
    ///
    /// Parks the calling fiber until the tick is due; returns at once if it is. A ticker that ticks once does so for
    /// every later wait, too (row V9).
    ///
    /// - Returns: When the tick was due; of several that count as one, the latest.
    /// - Throws: ``ClosedError`` if the ticker is closed before the tick, or meanwhile; `CancellationError` if the
    ///   fiber is cancelled.
    /// - Complexity: O(log *n*) for *n* sleeping fibers.
    @available(*, noasync)
    @discardableResult
    public func wait() throws -> LoopClock.Instant {
        let tick = due
        guard tick <= end ?? .latest else { throw ClosedError(subject: "ticker") }
        if tick > LoopClock.now { try park(until: tick) }
        return take(tick)
    }

    /// The next tick; `nil` when the ticker is closed or has ticked once for all, or the fiber is cancelled. Parks as
    /// ``wait()`` does.
    @available(*, noasync)
    public func next() -> LoopClock.Instant? { ticksOnce && taken != nil ? nil : try? wait() }

    private func park(until tick: LoopClock.Instant) throws {
        let scheduler = Scheduler.current
        let timers = scheduler.loop.timers
        let timer = timers.start(deadline: tick.nanoseconds, waking: scheduler.current)
        do { try waiters.wait(for: .tick, subject: self) } catch {
            timers.stop(timer)
            throw error
        }
    }

    /// Takes a tick that is due, for all whom it has woken.
    private func take(_ tick: LoopClock.Instant) -> LoopClock.Instant {
        guard tick == due, !(ticksOnce && taken != nil) else { return taken ?? tick }
        let now = Swift.min(LoopClock.now, end ?? .latest)
        let latest = missed == .skip ? tick.latest(before: now, every: interval) : tick
        taken = latest
        if ticksOnce { return latest }
        due = latest.advanced(by: interval)
        if missed == .delay, due <= now { due = now.advanced(by: interval) }
        return latest
    }

    /// Ends the ticker: no tick comes any more but those that were noted. Fibers that wait get ``ClosedError``, unless
    /// a tick has woken them already. Does nothing if it was closed before. Never parks, so it may be called anywhere.
    public func close() {
        guard !isClosed else { return }
        end = LoopClock.now
        waiters.interruptAll(throwing: ClosedError(subject: "ticker"))
    }

    /// The times, and whether it is closed.
    public var description: String { "Ticker(after: \(timeout), every: \(interval))" + (isClosed ? " (closed)" : "") }
}

extension LoopClock.Instant {
    fileprivate static let latest = LoopClock.Instant(nanoseconds: .max)

    /// The latest of the instants that follow on this one at an interval and are not after `limit`. This one, if none
    /// is.
    fileprivate func latest(before limit: LoopClock.Instant, every interval: Duration) -> LoopClock.Instant {
        let step = LoopClock.Instant(nanoseconds: 0).advanced(by: interval).nanoseconds
        guard step > 0, limit > self else { return self }
        let passed = limit.nanoseconds - nanoseconds
        return LoopClock.Instant(nanoseconds: nanoseconds + passed - passed % step)
    }
}
