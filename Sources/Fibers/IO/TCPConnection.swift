// SPDX-License-Identifier: MIT

/// A TCP connection. One fiber may read while another writes; it is closed by ``close()`` or when it goes away.
///
/// | cancelled in | what was moved |
/// |---|---|
/// | `read` | nothing: the next read returns the next byte |
/// | `write` | ``PartialWriteError`` says how many bytes left; if none did, it is the plain `CancellationError` |
public final class TCPConnection: CustomStringConvertible {
    let poll: DescriptorPoll
    /// The other side's address.
    public let peer: SocketAddress
    /// This side's address.
    public let local: SocketAddress
    /// The last read got less than it had room for: the socket is drained, so the next one parks first.
    var isDrained = false
    /// A fiber is in `write`, and the others wait: whole writes never interleave.
    var isWriting = false
    let nextWriters = WaitQueue()
    /// This side has sent the end of its output.
    var isWriteClosed = false
    /// Held while the connection is open.
    var permit: ConnectionPermit?

    private init(poll: DescriptorPoll, peer: SocketAddress, local: SocketAddress) {
        self.poll = poll
        self.peer = peer
        self.local = local
    }

    convenience init(connected poll: DescriptorPoll, to peer: SocketAddress) throws {
        self.init(poll: poll, peer: peer, local: try Socket.localAddress(of: poll.descriptor))
    }

    convenience init(accepted descriptor: CInt, from peer: SocketAddress, permit: ConnectionPermit?) throws {
        try self.init(connected: DescriptorPoll(descriptor, subject: "connection to \(peer)"), to: peer)
        self.permit = permit
    }

    /// Whether ``close()`` was called, or the event loop has ended.
    public var isClosed: Bool { poll.isClosed }

    /// Says which two addresses it connects.
    public var description: String { "TCPConnection(\(local) to \(peer))" }

    deinit { nextWriters.destroy() }
}
