// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct TCPConnectionTests {
    private func echo(listeningOn host: String, connectingTo name: String) throws -> [UInt8] {
        try inFiber {
            let listener = try TCPListener.listen(on: 0, host: host)
            spawnEcho(on: listener)
            let connection = try TCPConnection.connect(to: name, port: listener.port)
            try connection.write("hello")
            try connection.closeWrite()
            return try connection.readAll()
        }
    }

    @Test func `what is written comes back over IPv4`() throws {
        try #expect(echo(listeningOn: "127.0.0.1", connectingTo: "127.0.0.1") == Array("hello".utf8))
    }

    @Test(.enabled(if: hasIPv6, "this machine has no ::1"))
    func `what is written comes back over IPv6`() throws {
        try #expect(echo(listeningOn: "::1", connectingTo: "::1") == Array("hello".utf8))
    }

    @Test func `SK4: what is written comes back by name`() throws {
        try #expect(echo(listeningOn: "localhost", connectingTo: "localhost") == Array("hello".utf8))
    }

    @Test func `connecting by name goes on to the next address when one refuses`() throws {
        try #expect(echo(listeningOn: "127.0.0.1", connectingTo: "localhost") == Array("hello".utf8))
    }

    @Test func `SK8: each side's local address is the other side's peer`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            let client = try TCPConnection.connect(to: "127.0.0.1", port: listener.port)
            let server = try listener.accept()
            #expect(client.peer == listener.address)
            #expect(server.local == listener.address)
            #expect(server.peer == client.local)
            #expect(client.description == "TCPConnection(\(client.local) to \(listener.address))")
        }
    }

    @Test(.enabled(if: hasIPv6, "this machine has no ::1"))
    func `an IPv6 address is written in brackets before its port`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0, host: "::1")
            let client = try TCPConnection.connect(to: "::1", port: listener.port)
            #expect(client.peer.description == "[::1]:\(listener.port)")
        }
    }

    @Test func `after closeWrite this side reads on`() throws {
        try withPair { client, server in
            try client.write("question")
            try client.closeWrite()
            try #expect(server.readAll() == Array("question".utf8))
            try server.write("answer")
            server.close()
            try #expect(client.readAll() == Array("answer".utf8))
        }
    }

    @Test func `after the peer's end this side writes on`() throws {
        try withPair { client, server in
            try server.closeWrite()
            try #expect(client.read() == [])
            try client.write("still here")
            try client.closeWrite()
            try #expect(server.readAll() == Array("still here".utf8))
        }
    }

    @Test func `one fiber reads while another writes the same connection`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            spawnEcho(on: listener)
            let connection = try TCPConnection.connect(to: "127.0.0.1", port: listener.port)
            let bytes = pattern(1_000_000)
            Fiber.spawn {
                try connection.write(bytes)
                try connection.closeWrite()
            }
            let isComplete = try connection.readAll() == bytes
            #expect(isComplete)
        }
    }

    @Test func `a hundred connections are served side by side`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            spawnEcho(on: listener)
            let clients = (0..<100).map { number in
                Fiber.spawn {
                    let connection = try TCPConnection.connect(to: "127.0.0.1", port: listener.port)
                    try connection.write("\(number)")
                    try connection.closeWrite()
                    return String(decoding: try connection.readAll(), as: UTF8.self)
                }
            }
            for (number, client) in clients.enumerated() { try #expect(client.fetch() == "\(number)") }
        }
    }
}
