// SPDX-License-Identifier: MIT

/// What accepts connections, one after the other: a ``TCPListener``, a ``UnixListener``, or one of your own.
public protocol Listener<Connection>: AnyObject, CustomStringConvertible {
    /// What it accepts.
    associatedtype Connection: ByteStream

    /// The next connection. Parks the calling fiber until there is one.
    ///
    /// - Throws: ``ClosedError`` if the listener is closed, before or meanwhile; `CancellationError` if the fiber is
    ///   cancelled; ``IOError`` if accepting fails for good.
    @available(*, noasync)
    func accept() throws -> Connection

    /// Stops listening. Fibers in ``accept()`` get ``ClosedError``. Never parks.
    func close()
}

extension TCPListener: Listener {}
extension UnixListener: Listener {}

extension Listener {
    /// Runs a fiber for each connection, until the server is shut down.
    ///
    /// ```swift
    /// let server = listener.serve { connection, server in
    ///     let reader = BufferedReader(connection)
    ///     while let line = try server.untilShutDown({ try reader.readLine() }) {
    ///         try connection.write(answer(to: line))
    ///     }
    /// }
    /// _ = try Signals(.terminate).wait()
    /// print(try server.shutDown(within: .seconds(10)))
    /// ```
    ///
    /// Returns at once; never parks.
    ///
    /// - Parameters:
    ///   - stackSize: Of each fiber; see ``Fiber/init(name:stackSize:file:line:_:)``.
    ///   - file: Where the fibers are made, for reports.
    ///   - line: Where the fibers are made, for reports.
    ///   - onFailure: Gets what a handler throws and its connection, which is still open; or with `nil` what `accept()`
    ///     threw, after which there are no new connections. It runs in the fiber that failed, and may park. Without it,
    ///     such errors are reported on standard error, as for every fiber that fails, unless they say no more than that the
    ///     connection is gone: reset or left by the other side, or closed by this one. In no case do they end the server.
    ///   - handler: Serves one connection, which is closed when it returns or throws.
    /// - Returns: The server. It goes on if it is not kept.
    @discardableResult
    public func serve(
        stackSize: Int? = nil, file: StaticString = #fileID, line: UInt = #line,
        onFailure: ((any Error, Connection?) -> Void)? = nil,
        _ handler: @escaping (Connection, Server<Connection>) throws -> Void
    ) -> Server<Connection> {
        let server = Server(on: self, onFailure: onFailure) { server, connection in
            let name = (connection as? DescriptorStream)?.poll.subject ?? "\(connection)"
            return Fiber(name: name, stackSize: stackSize, file: file, line: line) {
                try server.run(connection) { try handler(connection, server) }
            }
        }
        Fiber.spawn(name: "\(self)", file: file, line: line) { try server.acceptAll() }
        return server
    }
}
