// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct TCPConnectionFailureTests {
    /// Writes until the system refuses. A process that SIGPIPE could kill would not return.
    private func writeUntilError(_ connection: TCPConnection) -> any Error {
        while true {
            do {
                try connection.write([UInt8](repeating: 7, count: 100_000))
                try Fiber.yield()
            } catch { return error }
        }
    }

    @Test func `SK4: a refused connection names the address and the cause`() throws {
        try inFiber {
            let port = try unusedPort()
            let error = #expect(throws: IOError.self) { try TCPConnection.connect(to: "127.0.0.1", port: port) }
            #expect(error?.code == .connectionRefused)
            #expect(error?.operation == "connect")
            #expect(error?.subject == "127.0.0.1:\(port)")
            #expect(error?.name == "ECONNREFUSED")
        }
    }

    @Test func `a host that nobody knows is named`() throws {
        try inFiber {
            let error = #expect(throws: IOError.self) { try TCPConnection.connect(to: "no.such.invalid", port: 80) }
            #expect(error?.operation == "resolve")
            #expect(error?.subject == "no.such.invalid")
        }
    }

    @Test(arguments: [70_000, -1, 65_536]) func `SK4: an impossible port is refused`(port: Int) throws {
        try inFiber {
            #expect(throws: ArgumentError.self) { try TCPConnection.connect(to: "127.0.0.1", port: port) }
            #expect(throws: ArgumentError.self) { try TCPListener.listen(on: port) }
        }
    }

    @Test func `a host name that holds a NUL is refused`() throws {
        _ = try inFiber {
            #expect(throws: ArgumentError.self) { try TCPConnection.connect(to: "127.0.0.1\0.evil", port: 80) }
        }
    }

    @Test func `writing to a peer that is gone throws and kills nobody`() throws {
        try withPair { client, server in
            server.close()
            #expect([.brokenPipe, .connectionReset].contains(code(of: writeUntilError(client))))
            #expect([.brokenPipe, .connectionReset].contains(code(of: writeUntilError(client))))
        }
    }

    @Test func `a peer that resets in mid-write ends the write with the system's error`() throws {
        try withNarrowPair { client, server in
            let writer = Fiber.spawn { try client.write(pattern(8 << 20)) }
            try drain(rounds: 500)
            server.reset()
            let error = try #require(failure(of: writer) as? PartialWriteError)
            #expect([.brokenPipe, .connectionReset].contains(code(of: error)))
            #expect(error.bytesWritten > 0)
        }
    }

    @Test func `a peer that closes with bytes unread resets the reader`() throws {
        try withPair { client, server in
            try client.write("never read")
            let reader = Fiber.spawn { try client.read() }
            try drain()
            server.close()
            #expect(code(of: failure(of: reader)) == .connectionReset)
        }
    }

    @Test func `a reset after this side's end is told to the reader`() throws {
        try withPair { client, server in
            try client.closeWrite()
            try #expect(server.read() == [])
            let reader = Fiber.spawn { try client.read() }
            try drain()
            server.reset()
            #expect(code(of: failure(of: reader)) == .connectionReset)
        }
    }

    @Test func `a reset of a connection that nobody reads is told to the next who does`() throws {
        try withPair { client, server in
            server.reset()
            #expect(code(of: failure { try client.read() }) == .connectionReset)
            try #expect(client.read() == [])
        }
    }

    @Test func `a reset before accepting is told to who reads or writes the accepted connection`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            try TCPConnection.connect(to: "127.0.0.1", port: listener.port).reset()
            let next = try TCPConnection.connect(to: "127.0.0.1", port: listener.port)
            let server = try listener.accept()
            // Some systems do not even tell of the connection.
            guard server.peer != next.local else { return }
            #expect(code(of: failure { try server.read() }) == .connectionReset)
            #expect(code(of: writeUntilError(server)) == .brokenPipe)
        }
    }

    @Test func `a listener that closes resets what it has not accepted`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            let client = try TCPConnection.connect(to: "127.0.0.1", port: listener.port)
            listener.close()
            #expect(code(of: failure { try client.read() }) == .connectionReset)
        }
    }

    @Test func `a reset wakes the reader and the writer`() throws {
        try withNarrowPair { client, server in
            let reader = Fiber.spawn { try client.read() }
            let writer = Fiber.spawn { try client.write(pattern(8 << 20)) }
            try drain(rounds: 500)
            server.reset()
            _ = failure(of: reader)
            #expect(failure(of: writer) is PartialWriteError)
            try #expect(client.read() == [])
        }
    }
}
