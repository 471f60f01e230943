// SPDX-License-Identifier: MIT
import Testing

@testable import Fibers

@Suite struct ServerTests {
    private let soon = Duration.milliseconds(1)
    private let amply = Duration.seconds(60)

    /// A connection to the listener.
    private func client(of listener: TCPListener) throws -> TCPConnection {
        try TCPConnection.connect(to: "127.0.0.1", port: listener.port)
    }

    private func echo(_ connection: some ByteStream) throws {
        while case let bytes = try connection.read(), !bytes.isEmpty { try connection.write(bytes) }
    }

    @Test func `each connection has a handler, and is closed when that returns`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            listener.serve { connection, _ in try connection.write(try connection.read(upTo: 3)) }
            let clients = try (0..<3).map { _ in try client(of: listener) }
            for (number, client) in clients.enumerated() {
                try client.write("no\(number)")
                try #expect(client.readAll() == Array("no\(number)".utf8))
            }
        }
    }

    @Test func `a listener for this machine is served as one for all`() throws {
        try withFolder { folder in
            let listener = try UnixListener.listen(on: folder.socket)
            let server = listener.serve { connection, _ in try echo(connection) }
            let client = try UnixConnection.connect(to: folder.socket)
            try client.write("hello")
            try #expect(client.read() == Array("hello".utf8))
            client.close()
            try #expect(server.shutDown(within: amply).isClean)
            #expect(!exists(folder.socketPath))
        }
    }

    @Test func `what a handler throws goes to the caller, its connection still open, and the others go on`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            let isWrong = Failure("wrong")
            var failures: [(error: any Error, peer: SocketAddress?)] = []
            listener.serve { error, connection in
                failures.append((error, connection?.peer))
                try? connection?.write("sorry")
            } _: { connection, _ in
                guard try connection.read() != Array("x".utf8) else { throw isWrong }
            }
            let (bad, good) = (try client(of: listener), try client(of: listener))
            try bad.write("x")
            try #expect(bad.readAll() == Array("sorry".utf8))
            #expect(failures.count == 1)
            #expect(failures.first?.error as? Failure === isWrong)
            #expect(failures.first?.peer == bad.local)
            try good.write("y")
            try #expect(good.readAll() == [])
            #expect(failures.count == 1)
        }
    }

    @Test func `what a handler throws and nobody gets is reported on standard error`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                let listener = try TCPListener.listen(on: 0)
                listener.serve { _, _ in throw Failure("alas") }
                try #expect(TCPConnection.connect(to: "127.0.0.1", port: listener.port).readAll() == [])
            }
        }
        #expect(errorOutput(of: result).contains(/Unhandled error in fiber "connection to .+ServerTests.swift:.+alas/))
    }

    @Test func `a connection that is gone is not reported, unless somebody wants to know`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                let listener = try TCPListener.listen(on: 0)
                let server = listener.serve { connection, _ in
                    if try connection.read() == [0] { connection.close() }
                    _ = try connection.read()
                }
                let clients = try (0..<2).map { _ in try TCPConnection.connect(to: "127.0.0.1", port: listener.port) }
                for (number, client) in clients.enumerated() { try client.write([UInt8(number)]) }
                try #expect(clients[0].readAll() == [])
                clients[1].reset()
                try #expect(server.shutDown(within: .seconds(60)).isClean)
            }
        }
        #expect(errorOutput(of: result) == "")
    }

    @Test func `what ends accepting for good goes to the caller, and connections go on`() throws {
        try inFiber {
            let listener = FailingListener()
            var failures: [any Error] = []
            let server = listener.serve { error, connection in
                #expect(connection == nil)
                failures.append(error)
            } _: { connection, _ in
                try echo(connection)
            }
            try drain()
            #expect(failures.first as? Failure === listener.failure)
            #expect(failures.count == 1)
            #expect(listener.isClosed)
            try listener.far.write("still")
            try #expect(listener.far.read() == Array("still".utf8))
            #expect(server.connectionCount == 1)
        }
    }

    @Test func `the fibers are named after their connections and were spawned where the server was started`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            var fiber: AnyFiber?
            let line = #line + 1
            listener.serve { _, _ in fiber = Fiber.current }
            let client = try client(of: listener)
            try #expect(client.readAll() == [])
            #expect(fiber?.name == "connection to \(client.local)")
            #expect(fiber?.site.line == line)
        }
    }
}

/// Accepts one connection, and then no more.
private final class FailingListener: Listener {
    let failure = Failure("accepting failed")
    let far: MemoryStream
    private var near: MemoryStream?
    private(set) var isClosed = false

    init() { (near, far) = MemoryStream.makePair() }

    func accept() throws -> MemoryStream {
        guard let connection = near else { throw failure }
        near = nil
        return connection
    }

    func close() { isClosed = true }

    var description: String { "listener of a test" }
}
