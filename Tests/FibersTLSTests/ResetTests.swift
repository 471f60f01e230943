// SPDX-License-Identifier: MIT
import Fibers
import FibersTLS
import SystemPackage
import Testing

/// A transport that the other side resets is told as what it is.
@Suite struct ResetTests {
    /// Runs a test body with two ends of a connection, of which the second one resets it when it is closed.
    private func withConnections(_ body: (TCPConnection, TCPConnection) throws -> Void) throws {
        var options = TCPOptions()
        options.resetsOnClose = true
        try inFiber {
            let listener = try TCPListener.listen(on: 0, options: options)
            try body(.connect(to: "127.0.0.1", port: listener.address.port), listener.accept())
        }
    }

    @Test func `a reset in the midst of a handshake ends that, and the transport is closed`() throws {
        try withConnections { near, far in
            let client = Fiber.spawn { try TLSStream.connect(over: near, host: "example.org", context: .client()) }
            try drain()
            far.close()
            #expect(code(of: failure(of: client)) == .connectionReset)
            #expect(near.isClosed)
        }
    }

    @Test func `a reset ends reads and writes, and is no end of input`() throws {
        try withConnections { near, far in
            let accepting = Fiber.spawn { try TLSStream.accept(over: far, context: .server()) }
            let client = try TLSStream.connect(over: near, host: "example.org", context: .client())
            let server = try accepting.fetch()
            let reader = Fiber.spawn { try client.read() }
            let writer = Fiber.spawn { try client.write(pattern(16 << 20)) }
            try drain(rounds: 500)
            server.transport.close()
            let error = try #require(failure(of: writer) as? PartialWriteError)
            #expect([.connectionReset, .brokenPipe].contains(code(of: error)))
            // The kernel tells one of the two of the reset.
            let readError = try #require(failure(of: reader))
            #expect(code(of: readError) == .connectionReset || (readError as? TLSError)?.cause == .truncated)
        }
    }
}
