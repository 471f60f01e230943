// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct TCPListenerTests {
    @Test func `SK2: accept parks until somebody connects`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            let acceptor = Fiber.spawn { try listener.accept() }
            try drain()
            #expect(acceptor.state == .waiting)
            let client = try TCPConnection.connect(to: "127.0.0.1", port: listener.port)
            try #expect(acceptor.fetch().peer == client.local)
        }
    }

    @Test func `a loop over a listener takes the connections in the order in which they came`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            let clients = try (0..<5).map { _ in try TCPConnection.connect(to: "127.0.0.1", port: listener.port) }
            var peers: [SocketAddress] = []
            for connection in listener {
                peers.append(connection.peer)
                if peers.count == clients.count { break }
            }
            #expect(peers == clients.map(\.local))
        }
    }

    @Test func `several fibers accept, and each connection goes to one of them`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            let acceptors = (0..<4).map { _ in Fiber.spawn { try listener.accept().peer } }
            try drain()
            let clients = try (0..<4).map { _ in try TCPConnection.connect(to: "127.0.0.1", port: listener.port) }
            let peers = try acceptors.map { try $0.fetch() }
            #expect(Set(peers) == Set(clients.map(\.local)))
        }
    }

    @Test func `SK2 SK3: a listener closed under an acceptor gives it ClosedError and ends loops`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            let acceptor = Fiber.spawn { try listener.accept() }
            let loop = Fiber.spawn { for _ in listener {} }
            try drain()
            listener.close()
            listener.close()
            #expect(failure(of: acceptor) is ClosedError)
            try loop.wait()
            #expect(throws: ClosedError.self) { try listener.accept() }
        }
    }

    @Test func `a cancelled loop over a listener ends`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            let loop = Fiber.spawn { for _ in listener {} }
            try drain()
            loop.cancel()
            try loop.wait()
        }
    }

    @Test func `a cancelled accept loses no connection`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            let cancelled = Fiber.spawn { try listener.accept() }
            try drain()
            cancelled.cancel()
            let client = try TCPConnection.connect(to: "127.0.0.1", port: listener.port)
            #expect(failure(of: cancelled) is CancellationError)
            try #expect(listener.accept().peer == client.local)
        }
    }

    @Test func `a client that resets before it is accepted does not end the listener`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            try TCPConnection.connect(to: "127.0.0.1", port: listener.port).reset()
            let client = try TCPConnection.connect(to: "127.0.0.1", port: listener.port)
            let peers = listener.lazy.map(\.peer)
            #expect(peers.contains(client.local))
        }
    }

    @Test(arguments: [-1, 0, 1, .max]) func `any backlog lets clients connect`(backlog: Int) throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0, backlog: backlog)
            let acceptor = Fiber.spawn { try listener.accept() }
            _ = try TCPConnection.connect(to: "127.0.0.1", port: listener.port)
            try acceptor.wait()
        }
    }

    @Test func `a listener that outlives its loop is closed`() throws {
        let listener = try inFiber { try TCPListener.listen(on: 0) }
        #expect(throws: ClosedError.self) { try listener.accept() }
        #expect(listener.next() == nil)
    }
}
