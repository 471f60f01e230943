// SPDX-License-Identifier: MIT

extension TCPConnection {
    /// Connects to the first address of the host that answers.
    ///
    /// Parks the calling fiber until the host is resolved and the connection stands.
    ///
    /// - Parameters:
    ///   - host: A numeric address or a name.
    ///   - port: From 0 to 65535.
    ///   - options: What the connection has from its beginning.
    /// - Throws: ``ArgumentError`` if the port is not in 0...65535, the host holds a NUL character, or an option is
    ///   impossible; ``IOError`` of the last address tried, which it names, or of the name look-up; `CancellationError` if
    ///   the fiber is cancelled.
    @available(*, noasync)
    public static func connect(
        to host: String, port: Int, options: TCPOptions = TCPOptions()
    ) throws -> TCPConnection {
        try options.validate()
        var refusal = IOError(operation: "resolve", subject: host, code: 0)
        for address in try NameLookup.addresses(of: host, port: try portNumber(port)) {
            do {
                return try TCPConnection(connected: Socket.connect(to: address, options: options), to: address)
            } catch let error as IOError {
                refusal = error
            }
        }
        throw refusal
    }
}
