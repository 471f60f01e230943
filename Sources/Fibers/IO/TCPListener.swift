// SPDX-License-Identifier: MIT

/// A socket that accepts TCP connections.
///
/// ```swift
/// let listener = try TCPListener.listen(on: 8080)
/// for connection in listener {
///     Fiber.spawn { try serve(connection) }
/// }
/// ```
///
/// Iteration is single-pass; several fibers may accept from one listener, and each connection goes to one of them.
public final class TCPListener: Sequence, IteratorProtocol, CustomStringConvertible {
    private let poll: DescriptorPoll
    /// Fibers in `accept` that give the system time to free descriptors.
    private var pausing: [AnyFiber] = []
    /// The address it listens on, with the port that the system chose if 0 was asked for.
    public let address: SocketAddress
    /// How many connections ``accept()`` has returned: shows how those of a shared port are spread over its listeners.
    public private(set) var acceptedCount = 0

    private init(poll: DescriptorPoll, address: SocketAddress) {
        self.poll = poll
        self.address = address
    }

    /// Starts to listen.
    ///
    /// Parks the calling fiber until the host is resolved; a numeric one, such as the default, never parks.
    ///
    /// - Parameters:
    ///   - port: 0 lets the system choose; see ``address``.
    ///   - host: A numeric address or a name, whose first address is taken. The default is reached from this machine
    ///     only; `0.0.0.0` and `::` take connections from everywhere.
    ///   - backlog: Connections the kernel completes before they are accepted. It may have a lower limit, such as
    ///     `net.core.somaxconn` of Linux.
    ///   - sharesPort: Whether other listeners of this user may have the same address, as long as all of them say so: one
    ///     in each worker thread, or in each process. Port 0 still gives a free port; the others then listen on that of
    ///     the first one's ``address``. Linux and FreeBSD give each new connection to one of them, chosen by a hash of the two
    ///     addresses, whoever is busy; macOS gives all of them to one listener. Connections that a listener has not
    ///     accepted when it closes are reset.
    /// - Throws: ``ArgumentError`` if the port is not in 0...65535; ``IOError`` that names the address if it is in use,
    ///   forbidden or not of this machine, or the host cannot be resolved; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func listen(
        on port: Int, host: String = "127.0.0.1", backlog: Int = 511, sharesPort: Bool = false
    ) throws -> TCPListener {
        let addresses = try NameLookup.addresses(of: host, port: try portNumber(port))
        guard let wanted = addresses.first else {
            throw ArgumentError("host \(host) has no address to listen on")
        }
        let descriptor = try Socket.listen(on: wanted, backlog: CInt(clamping: backlog), sharesPort: sharesPort)
        let address = try Socket.localAddress(of: descriptor)
        return TCPListener(poll: try DescriptorPoll(descriptor, subject: "listener on \(address)"), address: address)
    }

    /// The next connection.
    ///
    /// Parks the calling fiber until there is one. Where the process or the system is short of descriptors or memory, it
    /// tries again after 5 ms, then less and less often, up to once a second: the connections wait in the kernel.
    ///
    /// - Throws: ``ClosedError`` if the listener is closed, before or meanwhile; `CancellationError` if the fiber is
    ///   cancelled; ``IOError`` if the system refuses for another reason.
    @available(*, noasync)
    public func accept() throws -> TCPConnection {
        var pause = Duration.milliseconds(5)
        while true {
            let (result, peer) = try Socket.accept(on: poll)
            if result >= 0 {
                acceptedCount += 1
                return try TCPConnection(accepted: result, from: peer)
            }
            if Socket.isShortage(result) {
                try sleep(for: pause)
                pause = Swift.min(pause * 2, .seconds(1))
            } else if !Socket.isLostConnection(result) {
                try check(result, "accept", "\(address)")
            }
        }
    }

    /// The next connection; `nil` when the listener is closed, the fiber cancelled, or accepting fails for good. Parks
    /// as ``accept()`` does; call that to see the error.
    @available(*, noasync)
    public func next() -> TCPConnection? { try? accept() }

    /// Stops listening. Fibers in ``accept()`` get ``ClosedError``, loops over the listener end. Never parks.
    public func close() {
        poll.close()
        for fiber in pausing where fiber.state == .waiting {
            fiber.schedule(throwing: ClosedError(subject: "listener on \(address)"))
        }
    }

    private func sleep(for pause: Duration) throws {
        let fiber = Fiber.current
        pausing.append(fiber)
        defer { pausing.removeAll { $0 === fiber } }
        try Fiber.sleep(for: pause)
    }

    /// Says where it listens.
    public var description: String { "TCPListener(\(address))" }
}

func portNumber(_ port: Int) throws(ArgumentError) -> UInt16 {
    guard let number = UInt16(exactly: port) else {
        throw ArgumentError("port \(port) is impossible: give one from 0 to 65535")
    }
    return number
}
