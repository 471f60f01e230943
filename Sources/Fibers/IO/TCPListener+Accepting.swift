// SPDX-License-Identifier: MIT

extension TCPListener {
    /// The next connection.
    ///
    /// Parks the calling fiber until there is one and, if there is a connection limit, until one more may be open. Where
    /// the process or the system is short of descriptors or memory, it tries again after 5 ms, then less and less often,
    /// up to once a second. Meanwhile connections wait in the kernel.
    ///
    /// - Throws: ``ClosedError`` if the listener is closed, before or meanwhile; `CancellationError` if the fiber is
    ///   cancelled; ``IOError`` if the system refuses for another reason.
    @available(*, noasync)
    public func accept() throws -> TCPConnection {
        let permit = try permits.map { permits in try acceptor.pausing { try ConnectionPermit.take(from: permits) } }
        var peer = address
        let descriptor = try acceptor.accept("\(address)") { Socket.accept($0, from: &peer) }
        acceptedCount += 1
        return try TCPConnection(accepted: descriptor, from: peer, permit: permit)
    }

    /// The next connection; `nil` when the listener is closed, the fiber cancelled, or accepting fails for good. Parks
    /// as ``accept()`` does; call that to see the error.
    @available(*, noasync)
    public func next() -> TCPConnection? { try? accept() }

    /// Stops listening. Fibers in ``accept()`` get ``ClosedError``, loops over the listener end. Never parks.
    public func close() { acceptor.close() }
}

/// Counts an open connection against the limit of its listener, until it goes away.
final class ConnectionPermit {
    private let permits: Semaphore

    private init(_ permits: Semaphore) { self.permits = permits }

    deinit { permits.release() }

    /// Parks the calling fiber until one more connection may be open.
    static func take(from permits: Semaphore) throws -> ConnectionPermit {
        try permits.acquire()
        return ConnectionPermit(permits)
    }
}
