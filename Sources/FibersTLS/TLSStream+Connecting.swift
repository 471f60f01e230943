// SPDX-License-Identifier: MIT
public import Fibers

extension TLSStream {
    /// Speaks TLS as a client, and makes sure that the other side is the host.
    ///
    /// Parks the calling fiber until both sides have agreed. Nothing limits how long that takes: see
    /// `withTimeout`. With TLS 1.3, a server that refuses this side's certificate says so later: the
    /// first read throws it.
    ///
    /// - Parameters:
    ///   - transport: Belongs to the stream from now on, also if this throws: then it is closed.
    ///   - host: The name, or the numeric address, that the server's certificate must be for. A name is told to the
    ///     server, which may have a certificate for each.
    ///   - context: How to speak, and whom to trust.
    /// - Throws: ``TLSError`` that names the host and the reason: ``TLSError/Cause/certificateRefused`` if the server
    ///   is not the host, or nobody who is trusted says that it is; `ArgumentError` if the host is no name;
    ///   what reads and writes of the transport throw; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func connect(
        over transport: any ByteStream, host: String, context: TLSContext = .system
    ) throws -> TLSStream {
        let stream = TLSStream(over: transport, context, isServer: false, subject: host)
        return try stream.shakingHands { stream.session.expect(try plainName(of: host)) }
    }

    /// Speaks TLS as a server. Call it in the fiber that serves the connection, so that others need not wait:
    ///
    /// ```swift
    /// for connection in listener {
    ///     Fiber.spawn {
    ///         let stream = try withTimeout(.seconds(10)) { try TLSStream.accept(over: connection, context: context) }
    ///         try serve(stream)
    ///     }
    /// }
    /// ```
    ///
    /// Parks the calling fiber until both sides have agreed. Nothing limits how long that takes, and a client may never
    /// say anything: see `withTimeout`.
    ///
    /// - Parameters:
    ///   - transport: Belongs to the stream from now on, also if this throws: then it is closed.
    ///   - context: How to speak. Must have an identity.
    /// - Throws: ``TLSError``: ``TLSError/Cause/certificateRefused`` if the client's certificate is missing or not
    ///   trusted, ``TLSError/Cause/refusedByPeer`` if the client does not trust this server; `ArgumentError`
    ///   if the context has no identity; what reads and writes of the transport throw; `CancellationError` if the fiber
    ///   is cancelled.
    @available(*, noasync)
    public static func accept(over transport: any ByteStream, context: TLSContext) throws -> TLSStream {
        let stream = TLSStream(over: transport, context, isServer: true, subject: "\(transport)")
        return try stream.shakingHands {
            guard !context.hasIdentity else { return }
            throw ArgumentError("a server needs a certificate: give the configuration of \(context) an identity")
        }
    }

    private func shakingHands(after preparing: () throws -> Void) throws -> TLSStream {
        do {
            try preparing()
            try shakeHands()
            return self
        } catch {
            // It may say why.
            outbox.sendAtOnce()
            isClosedHere = true
            transport.close()
            throw error
        }
    }

    private func shakeHands() throws {
        while true {
            let outcome = session.shakeHands()
            if case .failed = outcome { throw session.failure }
            try outbox.inTurn(of: self) { try outbox.send() }
            if case .moved = outcome { return }
            try receive()
        }
    }

    /// As OpenSSL expects it: without the dot that ends a complete name, or the interface behind a numeric address.
    private static func plainName(of host: String) throws -> String {
        let isImpossible = host.utf8.contains { $0 <= 32 || $0 >= 127 }
        let isNumeric = host.contains(":")
        let name = isNumeric ? String(host.prefix { $0 != "%" }) : host.hasSuffix(".") ? String(host.dropLast()) : host
        guard !isImpossible, !name.isEmpty, name.utf8.count <= 255 else {
            throw ArgumentError("host \"\(host)\" is impossible: give a name in ASCII (xn--…) or a numeric address")
        }
        return name
    }
}
