// SPDX-License-Identifier: MIT

/// A TCP connection. It is closed by ``ByteStream/close()`` or when it goes away.
public final class TCPConnection: DescriptorStream {
    /// The other side's address.
    public let peer: SocketAddress
    /// This side's address.
    public let local: SocketAddress

    private init(poll: DescriptorPoll, peer: SocketAddress, local: SocketAddress) {
        self.peer = peer
        self.local = local
        super.init(socket: poll)
    }

    private convenience init(poll: DescriptorPoll, peer: SocketAddress) throws {
        self.init(poll: poll, peer: peer, local: try Socket.localAddress(of: poll.descriptor))
    }

    convenience init(accepted descriptor: CInt, from peer: SocketAddress) throws {
        try self.init(poll: DescriptorPoll(descriptor, subject: "connection to \(peer)"), peer: peer)
    }

    override var name: String { "\(peer)" }

    /// Says which two addresses it connects.
    override public var description: String { "TCPConnection(\(local) to \(peer))" }

    /// Connects to the first address of the host that answers.
    ///
    /// Parks the calling fiber until the host is resolved and the connection stands.
    ///
    /// - Throws: ``ArgumentError`` if the port is not in 0...65535 or the host holds a NUL character; ``IOError`` of the
    ///   last address tried, which it names, or of the name look-up; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func connect(to host: String, port: Int) throws -> TCPConnection {
        var refusal = IOError(operation: "resolve", subject: host, code: 0)
        for address in try NameLookup.addresses(of: host, port: try portNumber(port)) {
            do {
                return try TCPConnection(poll: Socket.connect(to: address), peer: address)
            } catch let error as IOError {
                refusal = error
            }
        }
        throw refusal
    }
}
