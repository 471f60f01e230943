// SPDX-License-Identifier: MIT

/// Where in the source a fiber was made.
public struct SpawnSite: Hashable, Sendable, CustomStringConvertible {
    /// As `#fileID` gives it: `module/file`.
    public let file: String
    /// Counted from 1.
    public let line: Int

    /// `module/file:line`.
    public var description: String { "\(file):\(line)" }
}
