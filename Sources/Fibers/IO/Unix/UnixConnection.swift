// SPDX-License-Identifier: MIT
import SystemPackage

/// A connection to another process of this machine, or to another part of this one. It is closed by ``ByteStream/close()`` or
/// when it goes away.
public final class UnixConnection: DescriptorStream {
    init(_ descriptor: CInt, subject: String) throws {
        super.init(socket: try DescriptorPoll(descriptor, subject: subject))
    }

    /// Connects to whoever listens at an address.
    ///
    /// Parks the calling fiber while the listener's backlog is full: it asks again after 1 ms, then less and less often,
    /// up to ten times a second.
    ///
    /// - Parameter address: The path, or the abstract name.
    /// - Throws: ``IOError`` that names the address: `ENOENT` if there is none, `ECONNREFUSED` if nobody listens there any more,
    ///   `EACCES` if its permissions forbid it; ``ArgumentError`` if the name is too long, which tells the limit, or
    ///   empty; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func connect(to address: UnixAddress) throws -> UnixConnection {
        try address.validate()
        let connection = try UnixConnection(UnixSocket.make(for: address), subject: "connection to \(address)")
        var pause = Duration.milliseconds(1)
        while true {
            let result = UnixSocket.connect(connection.poll.descriptor, to: address)
            guard errno(of: result) == .wouldBlock else {
                try check(result, "connect", "\(address)")
                return connection
            }
            try Fiber.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(100))
        }
    }

    /// Makes two connections, to each other. Never parks.
    ///
    /// - Returns: The two ends.
    /// - Throws: ``IOError`` such as `EMFILE`.
    public static func makePair() throws -> (UnixConnection, UnixConnection) {
        let (one, other) = try UnixSocket.makePair()
        let first = Result { try UnixConnection(one, subject: "connection of a pair") }
        let second = try UnixConnection(other, subject: "connection of a pair")
        return (try first.get(), second)
    }

    /// Who is at the other side, as the kernel noted it when the connection was made. Never parks.
    ///
    /// - Throws: ``ClosedError`` if the connection is closed; ``IOError`` if the system does not know.
    public func peerCredentials() throws -> PeerCredentials {
        guard !isClosed else { throw ClosedError(subject: poll.subject) }
        return try UnixSocket.peer(of: poll.descriptor)
    }

    /// Says to what it leads.
    override public var description: String { "UnixConnection(\(poll.subject))" }
}

/// Who was at the other side of a ``UnixConnection`` when it was made: its kernel's word, not its own.
public struct PeerCredentials: Sendable, Hashable {
    /// The number of the process; another may have it by now.
    public let processID: Int
    /// The user for whom it acted.
    public let userID: Int
    /// That user's group.
    public let groupID: Int
}
