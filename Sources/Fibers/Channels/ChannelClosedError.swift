// SPDX-License-Identifier: MIT

/// A channel was closed without an error, and what was asked of it can no longer happen (Julia's
/// `InvalidStateException` with the state `:closed`, row X3).
public struct ChannelClosedError: Error, Equatable, CustomStringConvertible {
    /// Makes the error that ``Channel/close()`` closes with.
    public init() {}

    /// "Channel is closed."
    public var description: String { "Channel is closed." }
}
