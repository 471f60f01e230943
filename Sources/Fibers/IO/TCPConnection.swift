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

    private init(poll: DescriptorPoll, peer: SocketAddress, local: SocketAddress) {
        self.poll = poll
        self.peer = peer
        self.local = local
    }

    private convenience init(poll: DescriptorPoll, peer: SocketAddress) throws {
        self.init(poll: poll, peer: peer, local: try Socket.localAddress(of: poll.descriptor))
    }

    convenience init(accepted descriptor: CInt, from peer: SocketAddress) throws {
        try self.init(poll: DescriptorPoll(descriptor, subject: "connection to \(peer)"), peer: peer)
    }

    /// Whether ``close()`` was called, or the event loop has ended.
    public var isClosed: Bool { poll.isClosed }

    /// Says which two addresses it connects.
    public var description: String { "TCPConnection(\(local) to \(peer))" }

    deinit { nextWriters.destroy() }

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
