// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ConnectionLimitTests {
    private func connect(_ count: Int, to listener: TCPListener) throws -> [TCPConnection] {
        try (0..<count).map { _ in try TCPConnection.connect(to: "127.0.0.1", port: listener.port) }
    }

    @Test func `no more connections than the limit are open, and each that closes lets in another`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0, connectionLimit: 3)
            var open: [TCPConnection] = []
            Fiber.spawn { for connection in listener { open.append(connection) } }
            let clients = try connect(10, to: listener)
            for count in 3...clients.count {
                while listener.acceptedCount < count { try Fiber.yield() }
                try drain()
                #expect(listener.acceptedCount == count)
                open.removeFirst().close()
            }
        }
    }

    @Test func `a connection that is dropped makes room, too`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0, connectionLimit: 1)
            let clients = try connect(50, to: listener)
            for client in clients { try #expect(listener.accept().peer == client.local) }
        }
    }

    @Test func `closing a connection twice makes room for one`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0, connectionLimit: 2)
            let clients = try connect(4, to: listener)
            let first = try listener.accept()
            let second = try listener.accept()
            first.close()
            first.close()
            let third = try listener.accept()
            let acceptor = Fiber.spawn { try listener.accept() }
            try drain()
            #expect(acceptor.state == .waiting)
            second.close()
            try #expect(acceptor.fetch().peer == clients[3].local)
            third.close()
        }
    }

    @Test func `an acceptor that is cancelled at the limit, or below, takes no place`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0, connectionLimit: 1)
            for _ in 0..<3 {
                let acceptor = Fiber.spawn { try listener.accept() }
                let next = Fiber.spawn { try listener.accept() }
                try drain()
                next.cancel()
                acceptor.cancel()
                #expect(failure(of: acceptor) is CancellationError)
                #expect(failure(of: next) is CancellationError)
            }
            let client = try connect(1, to: listener)[0]
            try #expect(listener.accept().peer == client.local)
        }
    }

    @Test func `a listener closed at its limit gives those who wait for room ClosedError`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0, connectionLimit: 1)
            let clients = try connect(1, to: listener)
            let connection = try listener.accept()
            let acceptors = (0..<3).map { _ in Fiber.spawn { try listener.accept() } }
            try drain()
            listener.close()
            for acceptor in acceptors { #expect(failure(of: acceptor) is ClosedError) }
            #expect(throws: ClosedError.self) { try listener.accept() }
            connection.close()
            clients[0].close()
        }
    }

    @Test func `a connection outlives its listener`() throws {
        try inFiber {
            let (client, server) = try {
                let listener = try TCPListener.listen(on: 0, connectionLimit: 1)
                return (try connect(1, to: listener)[0], try listener.accept())
            }()
            try client.write("x")
            try #expect(server.read() == Array("x".utf8))
        }
    }

    @Test(arguments: [0, -1]) func `a limit that lets nobody in is refused`(limit: Int) throws {
        _ = try inFiber {
            #expect(throws: ArgumentError.self) { try TCPListener.listen(on: 0, connectionLimit: limit) }
        }
    }
}
