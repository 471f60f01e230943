// SPDX-License-Identifier: MIT
@testable import Fibers
import SystemPackage
import Testing

@Suite struct UDPSocketTests {
    @Test func `SK5: a datagram arrives whole, with the address of its sender`() throws {
        try inFiber {
            let (sender, receiver) = (try UDPSocket.bind(), try UDPSocket.bind())
            try sender.send("first", to: receiver.address)
            try sender.send([UInt8]("second".utf8), to: receiver.address)
            let datagrams = [try receiver.receive(), try receiver.receive()]
            #expect(datagrams.map { String(decoding: $0.bytes, as: UTF8.self) } == ["first", "second"])
            #expect(datagrams.allSatisfy { $0.sender == sender.address })
        }
    }

    @Test(arguments: [0, 1, 1472, 65_507]) func `a datagram may have any size up to the limit`(size: Int) throws {
        try inFiber {
            let (sender, receiver) = (try UDPSocket.bind(), try UDPSocket.bind())
            try sender.send(pattern(size), to: receiver.address)
            let isWhole = try receiver.receive().bytes == pattern(size)
            #expect(isWhole)
        }
    }

    @Test func `SK5: a datagram that is too large is refused and its address named`() throws {
        try inFiber {
            let (sender, receiver) = (try UDPSocket.bind(), try UDPSocket.bind())
            let error = #expect(throws: IOError.self) {
                try sender.send([UInt8](repeating: 0, count: 65_508), to: receiver.address)
            }
            #expect(error?.code == .messageTooLong)
            #expect(error?.subject == "\(receiver.address)")
        }
    }

    @Test func `connected sockets talk without addresses`() throws {
        try inFiber {
            let server = try UDPSocket.bind()
            let client = try UDPSocket.connect(to: "localhost", port: server.address.port, resolver: ipv4Only)
            #expect(client.peer == server.address)
            try client.send("question")
            let question = try server.receive()
            #expect(question.sender == client.address)
            try server.send("answer", to: question.sender)
            try #expect(client.receive() == Datagram("answer", from: server.address))
            #expect(client.description == "UDPSocket(\(client.address) to \(server.address))")
        }
    }

    private var ipv4Only: Resolver {
        Resolver(limit: 1) { _ in SocketAddress(numericHost: "127.0.0.1", port: 0).map { [$0] } ?? [] }
    }

    @Test func `a connected socket receives from nobody else`() throws {
        try inFiber {
            let (server, stranger) = (try UDPSocket.bind(), try UDPSocket.bind())
            let client = try UDPSocket.connect(to: "127.0.0.1", port: server.address.port)
            try stranger.send("unwanted", to: client.address)
            try server.send("wanted", to: client.address)
            try #expect(client.receive() == Datagram("wanted", from: server.address))
        }
    }

    @Test func `a connected socket is told that nobody listens, and goes on`() throws {
        try inFiber {
            let server = try UDPSocket.bind()
            let client = try UDPSocket.connect(to: "127.0.0.1", port: server.address.port)
            server.close()
            try client.send("lost")
            let error = #expect(throws: IOError.self) { try client.receive() }
            #expect(error?.code == .connectionRefused)
            #expect(error?.subject == "\(server.address)")
            let next = try UDPSocket.bind(to: server.address.port)
            try client.send("arrives")
            try #expect(next.receive() == Datagram("arrives", from: client.address))
        }
    }

    @Test(.enabled(if: hasIPv6, "this machine has no ::1"))
    func `a socket on :: exchanges datagrams with IPv4 and IPv6, each with its own form of address`() throws {
        try inFiber {
            let server = try UDPSocket.bind(host: "::")
            for host in ["127.0.0.1", "::1"] {
                let client = try UDPSocket.connect(to: host, port: server.address.port)
                try client.send("question")
                let question = try server.receive()
                #expect(question.sender == client.address)
                try server.send("answer", to: question.sender)
                try #expect(client.receive().bytes == Array("answer".utf8))
            }
        }
    }

    @Test func `an address in use is named, unless it is shared`() throws {
        try inFiber {
            let first = try UDPSocket.bind(sharesPort: true)
            try #expect(UDPSocket.bind(to: first.address.port, sharesPort: true).address == first.address)
            let error = #expect(throws: IOError.self) { try UDPSocket.bind(to: first.address.port) }
            #expect(error?.description == "bind \(first.address): address already in use (EADDRINUSE)")
        }
    }

    @Test func `what cannot be sent is named`() throws {
        try inFiber {
            let socket = try UDPSocket.bind()
            let noAddress = #expect(throws: IOError.self) { try socket.send("x") }
            #expect(["EDESTADDRREQ", "ENOTCONN"].contains(noAddress?.name))
            let other = try #require(SocketAddress(numericHost: "::1", port: 9))
            let wrongKind = #expect(throws: IOError.self) { try socket.send("x", to: other) }
            #expect(wrongKind?.subject == "[::1]:9")
        }
    }

    @Test func `an impossible port is refused`() throws {
        try inFiber {
            #expect(throws: ArgumentError.self) { try UDPSocket.bind(to: 65_536) }
            #expect(throws: ArgumentError.self) { try UDPSocket.connect(to: "127.0.0.1", port: -1) }
        }
    }
}

extension Datagram {
    init(_ text: String, from sender: SocketAddress) { self.init(bytes: Array(text.utf8), sender: sender) }
}
