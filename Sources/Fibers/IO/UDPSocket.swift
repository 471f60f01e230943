// SPDX-License-Identifier: MIT

/// A socket for datagrams: messages that arrive whole, once, several times or not at all, in any order.
///
/// ```swift
/// let socket = try UDPSocket.bind(to: 4000)
/// while true {
///     let question = try socket.receive()
///     try socket.send(question.bytes, to: question.sender)
/// }
/// ```
///
/// Datagrams for which nobody waits stay in the kernel, which drops what its buffer does not hold. Each goes to one fiber:
/// the one that has waited longest (row SK5).
///
/// | cancelled in | what was moved |
/// |---|---|
/// | `receive` | nothing: the next one gets the datagram |
/// | `send` | nothing |
public final class UDPSocket: CustomStringConvertible {
    let poll: DescriptorPoll
    /// This side's address, with the port that the system chose if 0 was asked for.
    public let address: SocketAddress
    /// The other side's address, if the socket is connected.
    public let peer: SocketAddress?
    /// A fiber is in `receive`, and the others wait.
    var isReceiving = false
    let nextReceivers: WaitQueue
    /// Room for any datagram, made when it is first needed.
    var room = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    private init(_ descriptor: CInt, connectedTo peer: SocketAddress? = nil) throws {
        do { address = try Socket.localAddress(of: descriptor) } catch {
            Socket.close(descriptor)
            throw error
        }
        self.peer = peer
        poll = try DescriptorPoll(descriptor, subject: "UDP socket on \(address)")
        nextReceivers = WaitQueue()  // not before: there is no deinit to destroy it where an initialiser has thrown
    }

    deinit {
        room.deallocate()
        nextReceivers.destroy()
    }

    /// Makes a socket with an address of its own, which sends to anybody and receives from anybody.
    ///
    /// Parks the calling fiber until the host is resolved; a numeric one, such as the default, never parks.
    ///
    /// - Parameters:
    ///   - port: 0 lets the system choose; see ``address``.
    ///   - host: A numeric address or a name, whose first address is taken. The default is reached from this machine
    ///     only; `0.0.0.0` receives from everywhere, and `::` from IPv6 as well.
    ///   - sharesPort: Whether other sockets of this user may have the same address, as long as all of them say so.
    ///     Linux gives all datagrams of a sender to one of them, and those of a multicast group to each.
    ///   - options: How the kernel treats it.
    /// - Throws: ``ArgumentError`` if the port is not in 0...65535 or an option impossible; ``IOError`` that names the
    ///   address if it is in use (`EADDRINUSE`), forbidden (`EACCES`) or not of this machine (`EADDRNOTAVAIL`), if
    ///   descriptors are short (`EMFILE`), or if the host or an interface is unknown; `CancellationError` if the fiber is
    ///   cancelled.
    @available(*, noasync)
    public static func bind(
        to port: Int = 0, host: String = "127.0.0.1", sharesPort: Bool = false, options: UDPOptions = UDPOptions()
    ) throws -> UDPSocket {
        try options.validate()
        let address = try Resolver.shared.addresses(of: host, port: port)[0]
        return try UDPSocket(Socket.bindUDP(to: address, sharesPort: sharesPort, options: options))
    }

    /// Makes a socket that sends to one address and receives nothing but what comes from there. The other side learns
    /// nothing of it.
    ///
    /// Such a socket is told when a datagram could not be delivered: a later `send` or `receive` throws `ECONNREFUSED`, and
    /// the socket goes on.
    ///
    /// Parks the calling fiber until the host is resolved; a numeric one never parks.
    ///
    /// - Parameters:
    ///   - host: A numeric address or a name, whose first address is taken.
    ///   - port: From 0 to 65535.
    ///   - options: How the kernel treats it.
    ///   - resolver: What looks the name up.
    /// - Throws: ``ArgumentError`` if the port is not in 0...65535, the host holds a NUL character, or an option is
    ///   impossible; ``IOError`` that names the address if no way leads there (`ENETUNREACH`), if descriptors are short
    ///   (`EMFILE`), or if the host or an interface is unknown; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func connect(
        to host: String, port: Int, options: UDPOptions = UDPOptions(), resolver: Resolver = .shared
    ) throws -> UDPSocket {
        try options.validate()
        let peer = try resolver.addresses(of: host, port: port)[0]
        return try UDPSocket(Socket.connectUDP(to: peer, options: options), connectedTo: peer)
    }

    /// Whether ``close()`` was called, or the event loop has ended.
    public var isClosed: Bool { poll.isClosed }

    /// Closes the socket. Fibers in `send` and `receive` get ``ClosedError``. Never parks; does nothing the second time.
    public func close() {
        poll.close()
        nextReceivers.interruptAll(throwing: closedError)
    }

    var closedError: ClosedError { ClosedError(subject: "UDP socket on \(address)") }

    /// Says which address it has, and which peer.
    public var description: String { "UDPSocket(\(address)" + (peer.map { " to \($0)" } ?? "") + ")" }
}
