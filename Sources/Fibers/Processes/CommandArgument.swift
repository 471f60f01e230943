// SPDX-License-Identifier: MIT
public import SystemPackage

/// What can stand in a command: it reaches the program byte for byte.
public protocol CommandArgument: Sendable, CustomStringConvertible {
    /// What the program gets.
    var argumentBytes: [UInt8] { get }
}

extension String: CommandArgument {
    /// As UTF-8.
    public var argumentBytes: [UInt8] { Array(utf8) }
}

extension Substring: CommandArgument {
    /// As UTF-8.
    public var argumentBytes: [UInt8] { Array(utf8) }
}

extension FilePath: CommandArgument {
    /// The path as the file system has it, which need not be UTF-8.
    public var argumentBytes: [UInt8] {
        withPlatformString { Array(UnsafeRawBufferPointer(start: $0, count: length)) }
    }
}

extension Int: CommandArgument {
    /// In decimal.
    public var argumentBytes: [UInt8] { Array(description.utf8) }
}

extension [UInt8]: CommandArgument {
    /// Itself.
    public var argumentBytes: [UInt8] { self }
}
