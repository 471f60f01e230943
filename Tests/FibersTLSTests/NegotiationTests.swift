// SPDX-License-Identifier: MIT
import Fibers
import FibersTLS
import Testing

@Suite struct NegotiationTests {
    // MARK: Protocols above TLS

    @Test func `the server's order of protocols counts`() throws {
        let client = try TLSContext.client { $0.applicationProtocols = ["http/1.1", "h2", "other"] }
        let server = try TLSContext.server { $0.applicationProtocols = ["new", "h2", "http/1.1"] }
        try withPair(client: client, server: server) { client, server in
            #expect(client.applicationProtocol == "h2")
            #expect(server.applicationProtocol == "h2")
        }
    }

    @Test func `a client without a common protocol is refused`() throws {
        try inFiber {
            let handshake = try Handshake(
                client: .client { $0.applicationProtocols = ["one"] },
                server: .server { $0.applicationProtocols = ["another"] })
            #expect(handshake.clientError?.cause == .refusedByPeer)
            #expect(handshake.clientError?.reason.contains("no application protocol") == true)
            #expect(handshake.serverError?.cause == .protocolViolated)
        }
    }

    @Test func `a side that says nothing about protocols is served`() throws {
        let one = try TLSContext.client { $0.applicationProtocols = ["h2"] }
        let other = try TLSContext.server { $0.applicationProtocols = ["h2"] }
        try withPair(client: one) { client, _ in #expect(client.applicationProtocol == nil) }
        try withPair(server: other) { _, server in #expect(server.applicationProtocol == nil) }
    }

    // MARK: Hosts

    @Test(arguments: ["other.example": "CN=other.example", "example.org": "CN=example.org", "sub.any": "CN=A client"])
    func `a server shows what belongs to the host that the client asks for`(host: String, name: String) throws {
        let hosts = ["OTHER.example": try TLSContext.server(showing: .other), "*.any": try .server(showing: .client)]
        let server = try TLSContext.server { $0.hosts = hosts }
        try inFiber {
            let client = try TLSContext.client { $0.trust = .dangerouslyTrustEverybody }
            let handshake = try Handshake(client: client, server: server, host: host)
            #expect(try handshake.client.get().peerName == name + ",O=Fibers")
            #expect(try handshake.server.get().requestedHost == host)
        }
    }

    @Test func `a host asks its clients for certificates, others do not`() throws {
        let strict = try TLSContext.server {
            $0.identity = Shown.other.identity
            $0.clientCertificates = .required
        }
        let server = try TLSContext.server { $0.hosts = ["other.example": strict] }
        try inFiber {
            for (host, isAllowed) in [("other.example", false), ("example.org", true)] {
                let handshake = try Handshake(client: .client(), server: server, host: host)
                #expect((handshake.serverError == nil) == isAllowed)
            }
        }
    }

    @Test func `a host has its own protocols`() throws {
        let hosts = ["other.example": try TLSContext.server { $0.applicationProtocols = ["h2"] }]
        let server = try TLSContext.server {
            $0.applicationProtocols = ["http/1.1"]
            $0.hosts = hosts
        }
        let client = try TLSContext.client {
            $0.applicationProtocols = ["http/1.1", "h2"]
            $0.trust = .dangerouslyTrustEverybody
        }
        try inFiber {
            for (host, name) in [("other.example", "h2"), ("example.org", "http/1.1")] {
                let handshake = try Handshake(client: client, server: server, host: host)
                #expect(try handshake.client.get().applicationProtocol == name)
            }
        }
    }

    // MARK: Certificates of clients

    @Test(arguments: [TLSConfiguration.ClientCertificates.requested, .required])
    func `a client that shows who it is is known`(wanted: TLSConfiguration.ClientCertificates) throws {
        let client = try TLSContext.client { $0.identity = Shown.client.identity }
        try withPair(client: client, server: .server { $0.clientCertificates = wanted }) { client, server in
            #expect(server.peerName == "CN=A client,O=Fibers")
            #expect(server.peerCertificates == [Certificates.client + "\n"])
            try expectEcho(client, server)
        }
    }

    @Test func `a client that shows nothing is served where that is allowed`() throws {
        try withPair(server: .server { $0.clientCertificates = .requested }) { client, server in
            #expect(server.peerName == nil)
            try expectEcho(client, server)
        }
    }

    @Test(arguments: [nil, Shown.unknown, .expired])
    func `a client that is not trusted is refused, and its first read says so`(shown: Shown?) throws {
        try inFiber {
            let handshake = try Handshake(
                client: .client { $0.identity = shown?.identity }, server: .server { $0.clientCertificates = .required }
            )
            #expect(handshake.serverError?.cause == .certificateRefused)
            let client = try handshake.client.get()
            let error = failure { try client.read() } as? TLSError
            #expect(error?.cause == .refusedByPeer)
        }
    }
}
