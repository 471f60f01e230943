// SPDX-License-Identifier: MIT

/// What a ``Ticker`` does about ticks whose time came while nobody waited. The words are those of tokio.
public enum MissedTicks: Sendable, Hashable {
    /// They count as one, and the next is due at the next multiple of the interval: Julia's and Go's way, but without
    /// drift.
    case skip
    /// Each comes, one right after the other, until the ticker has caught up.
    case burst
    /// They count as one, and the next is due a whole interval after that was taken: all later ones move.
    case delay
}
