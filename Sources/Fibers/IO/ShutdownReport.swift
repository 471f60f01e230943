// SPDX-License-Identifier: MIT

/// How a ``Server`` ended: which connections did not end by themselves.
///
/// Each is told by a line: its fiber, what that waited for when its time was up, and where it was spawned.
public struct ShutdownReport: Sendable, Hashable, CustomStringConvertible {
    /// Those that had to be cancelled, the oldest first.
    public let cancelled: [String]
    /// Those of them that have not ended even then.
    public let remaining: [String]

    /// Whether every connection ended by itself.
    public var isClean: Bool { cancelled.isEmpty }

    /// How many had to be cancelled and how many remain, and a line for each.
    public var description: String {
        guard !isClean else { return "every connection ended by itself" }
        let heading = "connections cancelled: \(cancelled.count), of which not ended: \(remaining.count)"
        return ([heading] + cancelled + remaining.map { "not ended: \($0)" }).joined(separator: "\n  ")
    }
}
