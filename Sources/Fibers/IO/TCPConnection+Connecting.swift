// SPDX-License-Identifier: MIT

extension TCPConnection {
    /// Connects to the address of the host that answers first.
    ///
    /// A name has several addresses, of IPv4 and of IPv6, and some may be dead. They are tried in the system's order, the
    /// two kinds by turns: each when the one before has failed, or has not answered within 250 ms, while that goes on
    /// ("happy eyeballs", RFC 8305). The first connection that stands is returned, the others are closed.
    ///
    /// Parks the calling fiber until the host is resolved and the connection stands. Nothing but the system limits how long
    /// that takes, some minutes where nobody answers: see ``withTimeout(_:_:)``.
    ///
    /// - Parameters:
    ///   - host: A numeric address or a name.
    ///   - port: From 0 to 65535.
    ///   - options: What the connection has from its beginning.
    ///   - resolver: What looks the name up.
    /// - Throws: ``ArgumentError`` if the port is not in 0...65535, the host holds a NUL character, or an option is
    ///   impossible; ``IOError`` of the name look-up, or of the address that failed last, which it names: `ECONNREFUSED`
    ///   if nobody listens there, `ETIMEDOUT` if nobody answers, `EHOSTUNREACH` or `ENETUNREACH` if no way leads there,
    ///   `EMFILE` if descriptors are short; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func connect(
        to host: String, port: Int, options: TCPOptions = TCPOptions(), resolver: Resolver = .shared
    ) throws -> TCPConnection {
        try options.validate()
        let addresses = try resolver.addresses(of: host, port: port)
        if addresses.count == 1 { return try connect(to: addresses[0], options) }
        return try HappyEyeballs().first(of: addresses) { try connect(to: $0, options) }
    }

    private static func connect(to address: SocketAddress, _ options: TCPOptions) throws -> TCPConnection {
        try TCPConnection(connected: Socket.connect(to: address, options: options), to: address)
    }
}
