// SPDX-License-Identifier: MIT
import Fibers
import FibersTLS
import Testing

@Suite struct HandshakeFailureTests {
    @Test func `what is no TLS is told from it`() throws {
        try inFiber {
            for text in ["GET / HTTP/1.1\r\nHost: example.org\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n"] {
                let (near, far) = MemoryStream.makePair()
                try far.write(text)
                let error = failure { try TLSStream.connect(over: near, host: "example.org", context: .client()) }
                #expect((error as? TLSError)?.cause == .protocolViolated)
                #expect(near.isClosed)
            }
        }
    }

    @Test func `a transport that ends in the midst of a handshake cuts it off`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            try far.closeWrite()
            let error = failure { try TLSStream.connect(over: near, host: "example.org", context: .client()) }
            #expect((error as? TLSError)?.cause == .truncated)
        }
    }

    @Test(arguments: Carrier.allCases)
    func `a handshake that is cancelled, or takes too long, closes the transport`(carrier: Carrier) throws {
        try inFiber {
            let pairs = try (0..<2).map { _ in try carrier.makePair() }
            let client = Fiber.spawn {
                try TLSStream.connect(over: pairs[0].0, host: "example.org", context: .client())
            }
            try drain()
            client.cancel()
            #expect(failure(of: client) is CancellationError)
            let error = failure {
                try withTimeout(.milliseconds(1)) { try TLSStream.accept(over: pairs[1].0, context: .server()) }
            }
            #expect(error is TimeoutError)
            for pair in pairs { #expect(pair.0.isClosed) }
        }
    }

    @Test(arguments: ["", "bücher.example", "a b", "nul\0", String(repeating: "a", count: 256)])
    func `a host that is no name is refused before anything is sent`(host: String) throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let error = failure { try TLSStream.connect(over: near, host: host, context: .client()) }
            let message = try #require(error as? ArgumentError).message
            #expect(message.hasPrefix("host \"\(host)\" is impossible"))
            #expect(try far.readAll().isEmpty)
        }
    }

    @Test func `a server needs an identity`() throws {
        try inFiber {
            let (near, _) = MemoryStream.makePair()
            let error = failure { try TLSStream.accept(over: near, context: .client()) }
            #expect(error is ArgumentError)
            #expect(near.isClosed)
        }
    }

    @Test func `a byte that was changed on its way ends the conversation`() throws {
        try withPair { client, server in
            try server.transport.write([23, 3, 3, 0, 32] + [UInt8](repeating: 7, count: 32))
            for _ in 0..<2 {
                let error = failure { try client.read() } as? TLSError
                #expect(error?.cause == .protocolViolated)
            }
            #expect(failure { try client.write("more") } is TLSError)
            let error = failure { try server.read() } as? TLSError
            #expect(error?.cause == .refusedByPeer)
        }
    }
}
