// SPDX-License-Identifier: MIT

extension Command {
    /// Who gets the signals that are meant for a child.
    public enum ProcessGroup: Sendable, Hashable {
        /// The child is in the group of this process: Ctrl-C in the terminal reaches both. Only the child itself is killed
        /// when a call ends early, not what it has started.
        case inherit
        /// The child leads a group of its own, in which all that it starts is, unless that leaves. A call that ends early
        /// kills the group.
        case own
        /// The child leads a session of its own, without a terminal, and a group as with ``own``.
        case ownSession
    }

    /// User and groups of a child. To change them needs the privileges for that.
    public struct Identity: Sendable, Hashable {
        /// Number of the user; `nil` inherits.
        public var user: UInt32?
        /// Number of the group; `nil` inherits.
        public var group: UInt32?
        /// Further groups. `nil` means none.
        public var supplementaryGroups: [UInt32]?

        /// A user, a group, and further groups.
        public init(user: UInt32? = nil, group: UInt32? = nil, supplementaryGroups: [UInt32]? = nil) {
            self.user = user
            self.group = group
            self.supplementaryGroups = supplementaryGroups
        }
    }

    /// The size of a terminal, in characters.
    public struct TerminalSize: Sendable, Hashable {
        /// Characters in a line.
        public let columns: Int
        /// Lines.
        public let rows: Int

        /// - Precondition: Both are from 0 to 65,535.
        public init(columns: Int = 80, rows: Int = 24) {
            let fits = UInt16(exactly: columns) != nil && UInt16(exactly: rows) != nil
            require(fits, "no terminal is \(columns)x\(rows)")
            self.columns = columns
            self.rows = rows
        }
    }

    /// How much of something a process may use.
    public struct ResourceLimit: Sendable, Hashable {
        enum Resource { case cpuTime, addressSpace, fileSize, coreSize, openFiles, processes, stackSize }

        let resource: Resource
        let most: UInt64

        private init(_ resource: Resource, _ most: Int) {
            require(most >= 0, "a limit of \(most) is below zero")
            self.resource = resource
            self.most = UInt64(most)
        }

        /// Seconds of processor time, after which SIGXCPU ends it.
        public static func cpuSeconds(_ count: Int) -> ResourceLimit { ResourceLimit(.cpuTime, count) }
        /// Bytes of address space.
        public static func addressSpace(_ bytes: Int) -> ResourceLimit { ResourceLimit(.addressSpace, bytes) }
        /// Bytes of a file that it writes; SIGXFSZ ends it beyond.
        public static func fileSize(_ bytes: Int) -> ResourceLimit { ResourceLimit(.fileSize, bytes) }
        /// Bytes that it may leave behind when it crashes.
        public static func coreSize(_ bytes: Int) -> ResourceLimit { ResourceLimit(.coreSize, bytes) }
        /// Descriptors that it may have open.
        public static func openFiles(_ count: Int) -> ResourceLimit { ResourceLimit(.openFiles, count) }
        /// Processes that its user may have.
        public static func processes(_ count: Int) -> ResourceLimit { ResourceLimit(.processes, count) }
        /// Bytes of its stack.
        public static func stackSize(_ bytes: Int) -> ResourceLimit { ResourceLimit(.stackSize, bytes) }
    }
}
