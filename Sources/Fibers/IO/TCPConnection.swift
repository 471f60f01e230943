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

    convenience init(connected poll: DescriptorPoll, to peer: SocketAddress) throws {
        self.init(poll: poll, peer: peer, local: try Socket.localAddress(of: poll.descriptor))
    }

    convenience init(accepted descriptor: CInt, from peer: SocketAddress, permit: ConnectionPermit?) throws {
        try self.init(connected: DescriptorPoll(descriptor, subject: "connection to \(peer)"), to: peer)
        self.permit = permit
    }

    override var name: String { "\(peer)" }

    /// Says which two addresses it connects.
    override public var description: String { "TCPConnection(\(local) to \(peer))" }
}
