// SPDX-License-Identifier: MIT

/// What a descriptor of the system is ready for.
///
/// Ready means that the system call would not block: it may also fail, or tell the end of the input. So a hang-up and
/// an error count as ready for whatever was asked.
public struct Readiness: OptionSet, Sendable, Hashable, CustomStringConvertible {
    /// One bit for each.
    public let rawValue: UInt8

    /// Any set, by its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Something can be read, or the input has ended.
    public static let read = Readiness(rawValue: 1)
    /// There is room to write, or nobody will ever read.
    public static let write = Readiness(rawValue: 2)

    /// The names of what is in the set.
    public var description: String {
        let names = [(Readiness.read, "read"), (.write, "write")].filter { contains($0.0) }.map(\.1)
        return "[" + names.joined(separator: ", ") + "]"
    }

    var directions: [DescriptorPoll.Direction] {
        (contains(.read) ? [.reading] : []) + (contains(.write) ? [.writing] : [])
    }

    init(events: CInt) {
        self = []
        if events & DescriptorPoll.Direction.reading.event != 0 { insert(.read) }
        if events & DescriptorPoll.Direction.writing.event != 0 { insert(.write) }
    }
}
