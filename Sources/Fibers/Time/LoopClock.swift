// SPDX-License-Identifier: MIT

/// The clock of all timers: the system's monotonic clock, in nanoseconds.
public enum LoopClock {
    /// A moment of the clock. Means nothing in another process.
    public struct Instant: InstantProtocol {
        /// Since an unknown beginning.
        let nanoseconds: UInt64

        /// - Complexity: O(1). Saturates instead of overflowing, so any duration is fine.
        public func advanced(by duration: Duration) -> Instant {
            let (seconds, attoseconds) = duration.components
            // Rounded up: a deadline is never earlier than asked for.
            let fraction = (attoseconds + (attoseconds > 0 ? 999_999_999 : 0)) / 1_000_000_000
            let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
            guard !overflow else { return Instant(nanoseconds: seconds < 0 ? 0 : .max) }
            let offset = whole.addingReportingOverflow(fraction)
            guard !offset.overflow else { return Instant(nanoseconds: seconds < 0 ? 0 : .max) }
            return advanced(byNanoseconds: offset.partialValue)
        }

        private func advanced(byNanoseconds offset: Int64) -> Instant {
            let (sum, overflow) =
                offset < 0
                ? nanoseconds.subtractingReportingOverflow(offset.magnitude)
                : nanoseconds.addingReportingOverflow(offset.magnitude)
            return Instant(nanoseconds: overflow ? (offset < 0 ? 0 : .max) : sum)
        }

        /// Negative if `other` is earlier.
        public func duration(to other: Instant) -> Duration {
            other < self
                ? .zero - .nanoseconds(nanoseconds - other.nanoseconds)
                : .nanoseconds(other.nanoseconds - nanoseconds)
        }

        /// Whether `left` is earlier.
        public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
    }

    /// The present moment.
    public static var now: Instant { Instant(nanoseconds: TimerQueue.now) }
}
