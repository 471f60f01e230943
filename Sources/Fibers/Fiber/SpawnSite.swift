// SPDX-License-Identifier: MIT

/// Where in the source a fiber was made.
public struct SpawnSite: Sendable, CustomStringConvertible {
    /// As `#fileID` gives it: `module/file`.
    public let file: StaticString
    /// Counted from 1.
    public let line: UInt32

    init(_ file: StaticString, _ line: UInt) {
        self.file = file
        self.line = UInt32(truncatingIfNeeded: line)
    }

    /// `module/file:line`.
    public var description: String { "\(file):\(line)" }
}
