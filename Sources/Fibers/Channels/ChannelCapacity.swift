// SPDX-License-Identifier: MIT

/// How many elements a ``Channel`` holds that nobody has taken yet: an integer literal, ``init(_:)`` or ``unbounded``.
public struct ChannelCapacity: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    let limit: Int

    /// No limit: a put never parks (Julia's `Inf`).
    public static let unbounded = ChannelCapacity(.max)

    /// - Parameter count: With 0, every put waits for its take.
    /// - Precondition: `count` is not negative.
    public init(_ count: Int) {
        require(count >= 0, "Channel size must be either 0, a positive integer or .unbounded, not \(count)")
        limit = count
    }

    /// As ``init(_:)``.
    public init(integerLiteral count: Int) { self.init(count) }

    /// The number, or "unbounded".
    public var description: String { limit == .max ? "unbounded" : "\(limit)" }
}
