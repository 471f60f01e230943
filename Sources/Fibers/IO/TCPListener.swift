// SPDX-License-Identifier: MIT
import SystemPackage

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
    let acceptor: Acceptor
    /// One for each connection that may be open; `nil` if there is no limit.
    let permits: Semaphore?
    /// The address it listens on, with the port that the system chose if 0 was asked for.
    public let address: SocketAddress
    /// How many connections ``accept()`` has returned: shows how those of a shared port are spread over its listeners.
    public internal(set) var acceptedCount = 0

    private init(
        at wanted: SocketAddress, backlog: Int, sharesPort: Bool, connectionLimit: Int?, options: TCPOptions
    ) throws {
        try options.validate()
        if let connectionLimit { try requirePositive(connectionLimit, "connectionLimit") }
        let descriptor = try Socket.listen(
            on: wanted, backlog: CInt(clamping: backlog), sharesPort: sharesPort, options: options)
        let address = try Socket.localAddress(of: descriptor)
        self.address = address
        acceptor = Acceptor(try DescriptorPoll(descriptor, subject: "listener on \(address)"))
        permits = connectionLimit.map { Semaphore($0, name: "connections to \(address)") }
    }

    /// Whether ``close()`` was called, or the event loop has ended.
    public var isClosed: Bool { acceptor.poll.isClosed }

    /// Starts to listen.
    ///
    /// Parks the calling fiber until the host is resolved; a numeric one, such as the default, never parks.
    ///
    /// - Parameters:
    ///   - port: 0 lets the system choose; see ``address``.
    ///   - host: A numeric address or a name, whose first address is taken. The default is reached from this machine
    ///     only; `0.0.0.0` takes connections from everywhere, and `::` those of IPv6 as well.
    ///   - backlog: Connections the kernel completes before they are accepted. It may have a lower limit, such as
    ///     `net.core.somaxconn` of Linux.
    ///   - sharesPort: Whether other listeners of this user may have the same address, as long as all of them say so: one
    ///     in each worker thread, or in each process. Port 0 still gives a free port; the others then listen on that of
    ///     the first one's ``address``. Linux and FreeBSD give each new connection to one of them, chosen by a hash of the two
    ///     addresses, whoever is busy; macOS gives all of them to one listener. Connections that a listener has not
    ///     accepted when it closes are reset.
    ///   - connectionLimit: How many connections of this listener may be open at a time. Others wait in the kernel until
    ///     one is closed, up to the backlog. `nil` sets no limit.
    ///   - options: What the connections have from their beginning.
    /// - Throws: ``ArgumentError`` if the port is not in 0...65535, the limit not positive, or an option impossible;
    ///   ``IOError`` that names the address if it is in use (`EADDRINUSE`), forbidden (`EACCES`), not of this machine
    ///   (`EADDRNOTAVAIL`) or of a kind that the machine does not have (`EAFNOSUPPORT`), if descriptors are short
    ///   (`EMFILE`), or if the host cannot be resolved; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func listen(
        on port: Int, host: String = "127.0.0.1", backlog: Int = 511, sharesPort: Bool = false,
        connectionLimit: Int? = nil, options: TCPOptions = TCPOptions()
    ) throws -> TCPListener {
        let address = try Resolver.shared.addresses(of: host, port: port)[0]
        return try TCPListener(
            at: address, backlog: backlog, sharesPort: sharesPort, connectionLimit: connectionLimit, options: options)
    }

    /// Starts to listen on the first port that is free, from `first` upwards (Julia's `listenany`, row SK1).
    ///
    /// Parks the calling fiber until the host is resolved; a numeric one, such as the default, never parks.
    ///
    /// - Parameters:
    ///   - first: The port to try first; 0 lets the system choose.
    ///   - host: A numeric address or a name, whose first address is taken.
    ///   - backlog: Connections the kernel completes before they are accepted.
    ///   - connectionLimit: How many connections of this listener may be open at a time.
    ///   - options: What the connections have from their beginning.
    /// - Throws: What ``listen(on:host:backlog:sharesPort:connectionLimit:options:)`` throws; `EADDRINUSE` only if no port
    ///   is free up to 65535.
    /// - Complexity: O(*n*) system calls for *n* ports in use.
    @available(*, noasync)
    public static func listen(
        onFirstFreeFrom first: Int, host: String = "127.0.0.1", backlog: Int = 511,
        connectionLimit: Int? = nil, options: TCPOptions = TCPOptions()
    ) throws -> TCPListener {
        var address = try Resolver.shared.addresses(of: host, port: first)[0]
        while true {
            do {
                return try TCPListener(
                    at: address, backlog: backlog, sharesPort: false, connectionLimit: connectionLimit,
                    options: options)
            } catch let error as IOError where error.code == .addressInUse && (1..<65_535).contains(address.port) {
                address = address.withPort(UInt16(address.port + 1))
            }
        }
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
