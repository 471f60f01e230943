// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct UnixListenerTests {
    @Test func `SK6: three connections are served in the order in which they came`() throws {
        try withFolder { folder in
            let listener = try UnixListener.listen(on: folder.socket)
            Fiber.spawn {
                var number = 0
                for connection in listener {
                    number += 1
                    try connection.write("\(number)")
                }
            }
            for number in 1...3 {
                let connection = try UnixConnection.connect(to: folder.socket)
                try #expect(connection.readAll() == Array("\(number)".utf8))
            }
            #expect(listener.description == "UnixListener(\(folder.socketPath))")
        }
    }

    @Test func `IO18: after the peer's end this side writes on`() throws {
        try withFolder { folder in
            let listener = try UnixListener.listen(on: folder.socket)
            let client = try UnixConnection.connect(to: folder.socket)
            let server = try listener.accept()
            try client.write("question")
            try client.closeWrite()
            try #expect(server.readAll() == Array("question".utf8))
            try server.write("answer")
            server.close()
            try #expect(client.readAll() == Array("answer".utf8))
        }
    }

    @Test func `a listener closed under an acceptor gives it ClosedError and ends loops`() throws {
        try withFolder { folder in
            let listener = try UnixListener.listen(on: folder.socket)
            let acceptor = Fiber.spawn { try listener.accept() }
            let loop = Fiber.spawn { for _ in listener {} }
            try drain()
            listener.close()
            listener.close()
            #expect(listener.isClosed)
            #expect(failure(of: acceptor) is ClosedError)
            try loop.wait()
            #expect(failure(of: listener.accept) is ClosedError)
        }
    }

    @Test func `connecting where nobody listens says what is wrong`() throws {
        try withFolder { folder in
            let missing = failure { try UnixConnection.connect(to: folder.socket) }
            #expect(code(of: missing) == .noSuchFileOrDirectory)
            #expect((missing as? IOError)?.subject == folder.socketPath)
            try folder.leaveDeadSocket()
            #expect(code(of: failure { try UnixConnection.connect(to: folder.socket) }) == .connectionRefused)
        }
    }

    @Test func `a client waits while the backlog is full, and connects when there is room`() throws {
        try withFolder { folder in
            let listener = try UnixListener.listen(on: folder.socket, backlog: 0)
            let first = try UnixConnection.connect(to: folder.socket)
            let clients = (0..<3).map { _ in Fiber.spawn { try UnixConnection.connect(to: folder.socket) } }
            try drain()
            #expect(clients.contains { !$0.isDone })
            var accepted: [UnixConnection] = []
            for _ in 0..<4 { accepted.append(try listener.accept()) }
            for client in clients { try client.wait() }
            withExtendedLifetime(first) {}
        }
    }

    @Test func `a client cancelled while the backlog is full leaves`() throws {
        try withFolder { folder in
            let listener = try UnixListener.listen(on: folder.socket, backlog: 0)
            let first = try UnixConnection.connect(to: folder.socket)
            let second = Fiber.spawn { try UnixConnection.connect(to: folder.socket) }
            try drain()
            second.cancel()
            #expect(failure(of: second) is CancellationError)
            withExtendedLifetime((listener, first)) {}
        }
    }

    @Test func `a name that is too long is refused with the limit`() throws {
        try inFiber {
            let limit = UnixAddress.path(FilePath("/tmp/" + String(repeating: "x", count: 200)))
            for call in [listen, connect] {
                let error = failure { try call(limit) } as? ArgumentError
                #expect(error?.message.contains("at most 107 bytes, and this has 205") == true)
            }
            #expect(failure { try listen(.path("")) } is ArgumentError)
            #expect(failure { try listen(.abstract("")) } is ArgumentError)
        }
    }

    private func listen(_ address: UnixAddress) throws { _ = try UnixListener.listen(on: address) }

    private func connect(_ address: UnixAddress) throws { _ = try UnixConnection.connect(to: address) }

    @Test func `the longest name works`() throws {
        try withFolder { folder in
            let name = String(repeating: "x", count: 107 - folder.path.utf8.count - 1)
            let address = UnixAddress.path(FilePath("\(folder.path)/\(name)"))
            let listener = try UnixListener.listen(on: address)
            let client = try UnixConnection.connect(to: address)
            try client.write("x")
            try #expect(listener.accept().readText() == "x")
        }
    }

    #if os(Linux)
        @Test func `an abstract name needs no file, and is free again when its listener closes`() throws {
            try inFiber {
                let address = UnixAddress.abstract("fibers-\(UInt64.random(in: 0 ... .max))")
                for _ in 0..<2 {
                    let listener = try UnixListener.listen(on: address)
                    let error = failure { try UnixListener.listen(on: address) }
                    #expect(code(of: error) == .addressInUse)
                    let client = try UnixConnection.connect(to: address)
                    try client.write("x")
                    try #expect(listener.accept().readText() == "x")
                    #expect(client.description.hasPrefix("UnixConnection(connection to @fibers-"))
                    listener.close()
                }
                #expect(code(of: failure { try UnixConnection.connect(to: address) }) == .connectionRefused)
            }
        }
    #endif
}
