// SPDX-License-Identifier: MIT
import Fibers
import FibersTLS
import Testing

@Suite struct HandshakeTests {
    @Test(arguments: Carrier.allCases)
    func `both sides agree, and know on what`(carrier: Carrier) throws {
        try withPair(carrier) { client, server in
            try expectEcho(client, server)
            #expect(client.version == .v1_3)
            #expect(client.cipher == server.cipher && client.cipher.hasPrefix("TLS_"))
            #expect(client.applicationProtocol == nil)
            #expect(server.requestedHost == "example.org")
            #expect(client.peerName == "CN=example.org,O=Fibers")
            #expect(client.peerCertificates.joined() == Certificates.server + "\n")
            #expect(server.peerName == nil)
            #expect(server.peerCertificates.isEmpty)
            #expect("\(client)" == "TLS 1.3 with example.org")
        }
    }

    @Test(arguments: ["example.org", "EXAMPLE.org", "example.org.", "any.example.net", "127.0.0.1", "::1", "::1%lo"])
    func `a host that the certificate is for is accepted`(host: String) throws {
        try inFiber {
            let handshake = try Handshake(client: .client(), server: .server(), host: host)
            let asked = try handshake.server.get().requestedHost
            #expect((asked == nil) == !host.lowercased().contains("example"))
            try expectEcho(handshake.client.get(), handshake.server.get())
        }
    }

    @Test(arguments: ["example.com", "sub.example.org", "two.labels.example.net", "example.net", "127.0.0.2", "::2"])
    func `another host is refused, by name`(host: String) throws {
        try inFiber {
            let handshake = try Handshake(client: .client(), server: .server(), host: host)
            let error = try #require(handshake.clientError)
            #expect(error.cause == .certificateRefused)
            #expect(error.subject == host)
            #expect(error.reason.hasSuffix("mismatch"))
            #expect("\(error)" == "TLS with \(host): certificate refused: \(error.reason)")
            #expect(handshake.serverError?.cause == .refusedByPeer)
        }
    }

    @Test(arguments: [
        (Shown.unknown, "unable to get local issuer certificate"), (.expired, "certificate has expired"),
        (.unnamed, "hostname mismatch"), (.client, "unsuitable certificate purpose"), (.other, "hostname mismatch"),
    ])
    func `a server that is not who it should be is refused, and told so`(case: (Shown, String)) throws {
        try inFiber {
            let handshake = try Handshake(client: .client(), server: .server(showing: `case`.0))
            #expect(handshake.clientError?.cause == .certificateRefused)
            #expect(handshake.clientError?.reason == `case`.1)
            #expect(handshake.serverError?.cause == .refusedByPeer)
        }
    }

    @Test func `by default nobody is trusted but whom the system trusts`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let server = Fiber.spawn { try TLSStream.accept(over: far, context: .server()) }
            let error = failure { try TLSStream.connect(over: near, host: "example.org") } as? TLSError
            #expect(error?.cause == .certificateRefused)
            #expect((failure(of: server) as? TLSError)?.cause == .refusedByPeer)
        }
    }

    @Test func `who is named is trusted, be it a root or not`() throws {
        let middle = Certificates.server.components(after: "-----END CERTIFICATE-----\n")
        for anchor in [middle, Certificates.server] {
            try withPair(client: .client { $0.trust = .only(.text(anchor)) }) { try expectEcho($0, $1) }
        }
    }

    @Test func `who dangerously trusts everybody does`() throws {
        let client = try TLSContext.client { $0.trust = .dangerouslyTrustEverybody }
        try withPair(client: client, server: .server(showing: .expired)) { try expectEcho($0, $1) }
    }

    @Test func `fibers of several threads share a context`() throws {
        let (client, server) = (try TLSContext.client(), try TLSContext.server())
        try inFiber {
            let others = try (0..<4).map { _ in
                try Threads.spawn {
                    for _ in 0..<5 {
                        let handshake = try Handshake(client: client, server: server)
                        try expectEcho(handshake.client.get(), handshake.server.get())
                    }
                }
            }
            for other in others { try other.wait() }
        }
    }
}

extension String {
    fileprivate func components(after separator: String) -> String {
        guard let range = firstRange(of: separator) else { return "" }
        return String(self[range.upperBound...])
    }
}
