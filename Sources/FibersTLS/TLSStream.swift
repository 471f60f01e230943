// SPDX-License-Identifier: MIT
public import Fibers

/// A byte stream whose bytes nobody else can read or change, over any other: TLS 1.2 or 1.3, as a client or a server.
///
/// ```swift
/// let connection = try TCPConnection.connect(to: "example.org", port: 443)
/// let stream = try TLSStream.connect(over: connection, host: "example.org")
/// try stream.write("GET / HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n")
/// let answer = try BufferedReader(stream).readToEnd()
/// stream.close()
/// ```
///
/// A client makes sure that the server's certificate is valid, signed by somebody who is trusted, and for the host that
/// it asked for; see ``TLSConfiguration`` for more and for less.
///
/// One fiber may read while another writes, and neither ever waits for the other. A write becomes records of at most
/// 16 KiB, each one write of the transport; `BufferedWriter` gathers small ones. While a fiber reads, 4 KiB wait for what
/// comes, up to 64 KiB where a lot did; beyond that a stream holds what OpenSSL needs, and never more than some records.
///
/// | cancelled in | what was moved |
/// |---|---|
/// | `read` | nothing: the next read returns the next byte |
/// | `write` | `PartialWriteError` says how many bytes were encrypted; these still leave, so the next write begins with the byte behind them. If none were, it is the plain `CancellationError`. |
/// | ``connect(over:host:context:)``, ``accept(over:context:)`` | the transport is closed |
///
/// The end of input is what the other side has said to be one. If the transport ends and it has not said so, a read
/// throws ``TLSError`` with the cause ``TLSError/Cause/truncated``, every time: somebody may have cut the input off. A
/// stream that goes away without ``close()`` looks like that to the other side; so does one whose program exits.
///
/// Sessions are never resumed and keys never negotiated anew, but that TLS 1.3 may change keys on the way. That costs more
/// than it does the side that asks for it: who sends more than 32 records without any data between them violates the
/// protocol.
public final class TLSStream: ByteStream, CustomStringConvertible {
    let session: Session
    let outbox: Outbox
    let context: TLSContext
    private let isServer: Bool
    let readers = Turns()
    /// Who is in a read of the transport's.
    var reader: AnyFiber?
    /// Why no read will ever succeed any more.
    var readFailure: TLSError?
    /// A read has returned something.
    var hasRead = false
    /// Whether ``close()`` was called, or the event loop has ended.
    public var isClosed: Bool { isClosedHere || transport.isClosed }
    var isClosedHere = false
    var isWriteClosed = false

    init(over transport: any ByteStream, _ context: TLSContext, isServer: Bool, subject: String) {
        session = Session(context, isServer: isServer, subject: subject)
        outbox = Outbox(transport, session)
        self.context = context
        self.isServer = isServer
    }

    deinit { if !isClosedHere { outbox.abandon() } }

    /// What carries the encrypted bytes. It belongs to this stream: do nothing with it but ask it.
    public var transport: any ByteStream { outbox.transport }

    /// Whether it is not closed.
    public var isReadable: Bool { !isClosed }

    /// Whether neither it nor its write half is closed.
    public var isWritable: Bool { !isClosed && !isWriteClosed }

    /// Which version both sides speak.
    public var version: TLSVersion { session.version ?? .v1_2 }

    /// How the bytes are encrypted, such as `TLS_AES_256_GCM_SHA384`.
    public var cipher: String { session.cipher }

    /// What is spoken above TLS, of ``TLSConfiguration/applicationProtocols``; `nil` if the sides did not agree on
    /// anything.
    public var applicationProtocol: String? { session.applicationProtocol }

    /// The host that the client asked for; `nil` if it gave none, or a numeric address.
    public var requestedHost: String? { session.requestedHost }

    /// Whom the other side's certificate is about, as `CN=example.org,O=Example`; `nil` if it showed none.
    public var peerName: String? { session.peerName }

    /// The certificates that the other side showed, in PEM, its own first. O(*n*).
    public var peerCertificates: [String] { session.peerCertificates }

    /// Whether the server may have sent what no read has seen: a kernel that closes a connection with such bytes resets
    /// it, and then the server may lose the last that was written here. Servers send tickets to clients right after the
    /// handshake of TLS 1.3.
    var mayHoldTickets: Bool { !isServer && !hasRead && readFailure == nil && version >= .v1_3 }

    /// Says which version it speaks with whom.
    public var description: String { "\(version) with \(session.subject)" }
}
