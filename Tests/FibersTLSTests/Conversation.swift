// SPDX-License-Identifier: MIT
import Fibers
import FibersTLS
import Testing

extension TLSContext {
    /// A configuration that is changed by `change`.
    convenience init(_ change: (inout TLSConfiguration) throws -> Void) throws {
        var configuration = TLSConfiguration()
        try change(&configuration)
        try self.init(configuration)
    }

    /// A client that trusts the tests' root, and is changed by `change`.
    static func client(_ change: (inout TLSConfiguration) -> Void = { _ in }) throws -> TLSContext {
        try TLSContext {
            $0.trust = .only(.text(Certificates.root))
            change(&$0)
        }
    }

    /// A server that is `example.org`, and is changed by `change`.
    static func server(_ change: (inout TLSConfiguration) -> Void = { _ in }) throws -> TLSContext {
        try client {
            $0.identity = Shown.server.identity
            change(&$0)
        }
    }

    /// A server that shows this.
    static func server(showing shown: Shown) throws -> TLSContext { try server { $0.identity = shown.identity } }
}

/// What a side shows in a test. Made anew each time: the leak checker does not understand Swift's enumerations in globals.
enum Shown {
    case server
    case other
    case expired
    case unknown
    case unnamed
    case client

    var identity: TLSIdentity { TLSIdentity(chain: .text(texts.chain), key: .text(texts.key)) }

    private var texts: (chain: String, key: String) {
        switch self {
        case .server: (Certificates.server, Certificates.serverKey)
        case .other: (Certificates.other, Certificates.otherKey)
        case .expired: (Certificates.expired, Certificates.expiredKey)
        case .unknown: (Certificates.unknown, Certificates.unknownKey)
        case .unnamed: (Certificates.unnamed, Certificates.unnamedKey)
        case .client: (Certificates.client, Certificates.clientKey)
        }
    }
}

/// How both sides come to an agreement, or do not.
struct Handshake {
    let client: Result<TLSStream, any Error>
    let server: Result<TLSStream, any Error>

    init(
        _ carrier: Carrier = .memory, client: TLSContext, server: TLSContext, host: String = "example.org"
    ) throws {
        let (near, far) = try carrier.makePair()
        let accepting = Fiber.spawn { try TLSStream.accept(over: far, context: server) }
        self.client = Result { try TLSStream.connect(over: near, host: host, context: client) }
        try? accepting.waitUntilDone()
        self.server = Result {
            if let failure = accepting.failure { throw failure }
            return try accepting.fetch()
        }
    }

    var clientError: TLSError? { error(of: client) }

    var serverError: TLSError? { error(of: server) }

    private func error(of result: Result<TLSStream, any Error>) -> TLSError? {
        guard case .failure(let error) = result else { return nil }
        return error as? TLSError
    }
}

/// Runs a test body with the client and the server of a conversation, both of which stay alive until it has ended.
func withPair(
    _ carrier: Carrier = .memory, client: TLSContext? = nil, server: TLSContext? = nil,
    _ body: (TLSStream, TLSStream) throws -> Void
) throws {
    try inFiber {
        let handshake = try Handshake(carrier, client: client ?? .client(), server: server ?? .server())
        let (client, server) = (try handshake.client.get(), try handshake.server.get())
        defer { withExtendedLifetime((client, server)) {} }
        try body(client, server)
    }
}

/// Has nothing to do with OpenSSL's sides: what one writes, the other one gets, and back.
func expectEcho(_ one: TLSStream, _ other: TLSStream) throws {
    try one.write("there")
    #expect(try other.readText() == "there")
    try other.write("back")
    #expect(try one.readText() == "back")
}
