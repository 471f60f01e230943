// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import SystemPackage
import Testing

@Suite struct TCPListenerTests {
    @Test func `SK1: port 0 gives a port of the system's choice`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            #expect(listener.address.port != 0)
            #expect(listener.address.host == "127.0.0.1")
            #expect(listener.description == "TCPListener(127.0.0.1:\(listener.port))")
        }
    }

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

    @Test func `SK1: a port in use is named`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            let error = #expect(throws: IOError.self) { try TCPListener.listen(on: listener.port) }
            #expect(error?.code == .addressInUse)
            #expect(error?.subject == "127.0.0.1:\(listener.port)")
        }
    }

    @Test func `a port is free again as soon as its listener is closed`() throws {
        try inFiber {
            let first = try TCPListener.listen(on: 0)
            let client = try TCPConnection.connect(to: "127.0.0.1", port: first.port)
            let server = try first.accept()
            first.close()
            server.close()
            client.close()
            try #expect(TCPListener.listen(on: first.port).port == first.port)
        }
    }

    @Test func `an address that is not of this machine is named`() throws {
        try inFiber {
            let error = #expect(throws: IOError.self) { try TCPListener.listen(on: 0, host: "192.0.2.1") }
            #expect(error?.code == .addressNotAvailable)
            #expect(error?.subject == "192.0.2.1:0")
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

    @Test func `SK1: the first free port from a hint upwards is taken`() throws {
        try inFiber {
            let first = try TCPListener.listen(on: 0)
            let next = try TCPListener.listen(onFirstFreeFrom: first.port)
            #expect(next.port > first.port)
            try #expect(TCPListener.listen(onFirstFreeFrom: 0).port != 0)
            #expect(throws: ArgumentError.self) { try TCPListener.listen(onFirstFreeFrom: 65_536) }
        }
    }

    @Test func `where no port is free up to the last one, that one is named`() throws {
        try inFiber {
            let last = try? TCPListener.listen(on: 65_535)
            let error = #expect(throws: IOError.self) { try TCPListener.listen(onFirstFreeFrom: 65_535) }
            #expect(error?.code == .addressInUse)
            #expect(error?.subject == "127.0.0.1:65535")
            last?.close()
        }
    }

    #if os(Linux)
        @Test func `SK1: a port that the user may not have is named`() async {
            await #expect(processExitsWith: .success) {
                // Port 1 is forbidden to everybody but root, unless the system has no forbidden ports at all.
                let file = "/proc/sys/net/ipv4/ip_unprivileged_port_start"
                guard let limit = try? String(contentsOfFile: file, encoding: .utf8), limit != "0\n" else { return }
                let user = geteuid()
                seteuid(65_534)
                let error = failure { try inFiber { try TCPListener.listen(on: 1) } } as? IOError
                seteuid(user)
                #expect(error?.code == .permissionDenied)
                #expect(error?.subject == "127.0.0.1:1")
            }
        }
    #endif

    @Test(.enabled(if: hasIPv6, "this machine has no ::1"))
    func `a listener on :: takes connections of IPv4 and of IPv6, each with its own form of address`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0, host: "::")
            for host in ["127.0.0.1", "::1"] {
                let client = try TCPConnection.connect(to: host, port: listener.port)
                let server = try listener.accept()
                #expect(server.peer == client.local)
                #expect(server.local == client.peer)
                #expect(server.peer.host == host)
            }
        }
    }

    @Test func `a listener that outlives its loop is closed`() throws {
        let listener = try inFiber { try TCPListener.listen(on: 0) }
        #expect(throws: ClosedError.self) { try listener.accept() }
        #expect(listener.next() == nil)
    }
}
