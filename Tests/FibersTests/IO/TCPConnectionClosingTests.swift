// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct TCPConnectionClosingTests {
    @Test func `a connection closed under a reader gives the reader ClosedError`() throws {
        try withPair { client, _ in
            let reader = Fiber.spawn { try client.read() }
            try drain()
            client.close()
            #expect(failure(of: reader) is ClosedError)
        }
    }

    @Test func `a connection closed under writers gives each of them ClosedError`() throws {
        try withNarrowPair { client, _ in
            let writer = Fiber.spawn { try client.write(pattern(8 << 20)) }
            let next = Fiber.spawn { try client.write("next") }
            try drain(rounds: 500)
            client.close()
            #expect((failure(of: writer) as? PartialWriteError)?.cause is ClosedError)
            #expect(failure(of: next) is ClosedError)
        }
    }

    @Test func `a connection closed when its reader was woken but has not run gives ClosedError`() throws {
        try withPair { client, server in
            let reader = Fiber.spawn { try server.read() }
            try drain()
            try client.write("x")
            while reader.state != .queued { try Fiber.yield() }
            server.close()
            #expect(failure(of: reader) is ClosedError)
        }
    }

    @Test func `every call on a closed connection throws ClosedError that names the peer`() throws {
        try withPair { client, _ in
            client.close()
            #expect(client.isClosed)
            #expect(throws: ClosedError.self) { try client.read() }
            #expect(throws: ClosedError.self) { try client.closeWrite() }
            let error = #expect(throws: ClosedError.self) { try client.write("x") }
            #expect(error?.description == "connection to \(client.peer) is closed")
        }
    }

    @Test func `an accepted connection that is closed names its peer, too`() throws {
        try withPair { _, server in
            server.close()
            let error = #expect(throws: ClosedError.self) { try server.read() }
            #expect(error?.description == "connection to \(server.peer) is closed")
        }
    }

    @Test func `closing twice closes nobody else's descriptor`() throws {
        try withPair { client, server in
            client.close()
            let (other, another) = try connectedPair()
            client.close()
            server.close()
            try other.write("alive")
            try #expect(another.read() == Array("alive".utf8))
        }
    }

    @Test func `a dropped connection is closed`() throws {
        try inFiber {
            let server = try connectedPair().server
            try #expect(server.read() == [])
        }
    }

    @Test func `a connection that outlives its loop is closed`() throws {
        let (client, server) = try inFiber { try connectedPair() }
        #expect(client.isClosed)
        #expect(throws: ClosedError.self) { try client.read() }
        #expect(throws: ClosedError.self) { try client.write("x") }
        server.close()
    }

    @Test func `the end of the loop cancels those who read, write and accept`() throws {
        var errors: [any Error] = []
        func noting(_ body: () throws -> Void) { do { try body() } catch { errors.append(error) } }
        try withNarrowPair { client, _ in
            let listener = try TCPListener.listen(on: 0)
            Fiber.spawn { noting { _ = try client.read() } }
            Fiber.spawn { noting { try client.write(pattern(8 << 20)) } }
            Fiber.spawn { noting { _ = try listener.accept() } }
            try drain(rounds: 500)
        }
        #expect(errors.count == 3)
        #expect(errors.allSatisfy { $0 is CancellationError || ($0 as? PartialWriteError)?.cause is CancellationError })
    }
}
