// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

/// What a connection is told that its peer resets, in whatever state it is.
@Suite struct TCPConnectionResetTests {
    @Test func `a reset while connecting is told by the connect, or by the first read`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            let connecting = Fiber.spawn { try TCPConnection.connect(to: "127.0.0.1", port: listener.port) }
            try Fiber.yield()
            try listener.accept().reset()
            let error = failure(of: connecting) ?? failure { try connecting.fetch().read() }
            #expect(code(of: error) == .connectionReset)
            #expect((error as? IOError)?.subject?.contains(":\(listener.port)") == true)
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
            #expect(code(of: server.writeUntilError()) == .brokenPipe)
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

    @Test func `a reset of a connection that is closed already disturbs nobody`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let (client, server) = try connectedPair()
                let (other, another) = try connectedPair()
                let before = openStreamCount()
                try server.write("never read")
                client.close()
                server.reset()
                let used = processorTime()
                for _ in 0..<10 {
                    try Fiber.sleep(for: .milliseconds(3))
                    try other.write("ping")
                    try #expect(another.readText() == "ping")
                }
                #expect(processorTime() - used < .milliseconds(20))
                #expect(failure { try client.read() } is ClosedError)
                #expect(failure { try server.write("more") } is ClosedError)
                #expect(openStreamCount() == before - 2)
            }
        }
    }
}
