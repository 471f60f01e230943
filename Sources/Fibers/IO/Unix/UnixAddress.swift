// SPDX-License-Identifier: MIT
public import SystemPackage

/// Where a Unix socket is found: a file, or a name that only the kernel knows.
public enum UnixAddress: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// A file of a folder. Its permissions say who may connect.
    case path(FilePath)
    /// A name of Linux's own, which goes away with its last socket. Everybody in the network namespace may connect.
    case abstract(String)

    /// A path, written as a literal.
    public init(stringLiteral path: String) { self = .path(FilePath(path)) }

    /// The path; an abstract name behind an `@`.
    public var description: String {
        switch self {
        case .path(let path): path.string
        case .abstract(let name): "@\(name)"
        }
    }

    /// What the system takes.
    func validate() throws(ArgumentError) {
        guard !bytes.isEmpty else { throw ArgumentError("a Unix socket needs a name") }
        if case .abstract = self, !UnixSocket.hasAbstractNames {
            throw ArgumentError("\(self): this system has no abstract Unix sockets: give a path")
        }
        guard bytes.count <= UnixSocket.nameLimit else {
            throw ArgumentError(
                "\(self): the name of a Unix socket has at most \(UnixSocket.nameLimit) bytes, and this has "
                    + "\(bytes.count): give a shorter path, or one relative to the working directory")
        }
    }

    var bytes: [UInt8] {
        switch self {
        case .path(let path): path.withPlatformString { Array(UnsafeRawBufferPointer(start: $0, count: path.length)) }
        case .abstract(let name): Array(name.utf8)
        }
    }
}
