// SPDX-License-Identifier: MIT
import Testing

@testable import Fibers

@Suite struct ServerShutdownTests {
    private let soon = Duration.milliseconds(1)
    private let amply = Duration.seconds(60)

    /// A server with a number of clients, each of which has been heard.
    private func withServer(
        clients count: Int, _ handler: @escaping (TCPConnection, Server<TCPConnection>) throws -> Void,
        _ body: (TCPListener, Server<TCPConnection>, [TCPConnection]) throws -> Void
    ) throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            var isHeard = 0
            let server = listener.serve { connection, server in
                _ = try connection.read(upTo: 1)
                isHeard += 1
                try handler(connection, server)
            }
            let clients = try (0..<count).map { _ in
                let client = try TCPConnection.connect(to: "127.0.0.1", port: listener.port)
                try client.write("x")
                return client
            }
            while isHeard < count { try Fiber.yield() }
            try body(listener, server, clients)
        }
    }

    @Test func `nothing is accepted any more, and connections may end by themselves`() throws {
        try withServer(clients: 1) { connection, _ in
            try connection.write(try connection.read())
        } _: { listener, server, clients in
            let report = Fiber.spawn { try server.shutDown(within: amply) }
            try drain()
            #expect(server.isShuttingDown)
            #expect(throws: IOError.self) { try TCPConnection.connect(to: "127.0.0.1", port: listener.port) }
            try clients[0].write("last")
            try #expect(clients[0].readAll() == Array("last".utf8))
            try #expect(report.fetch().isClean)
            try #expect(report.fetch().description == "every connection ended by itself")
        }
    }

    @Test func `idle connections are told, those within a request are not`() throws {
        try withServer(clients: 2) { connection, server in
            while try server.untilShutDown({ try connection.read() }) == Array("y".utf8) {
                try Fiber.sleep(for: soon)
                try connection.write("answer")
            }
            #expect(server.isShuttingDown)
        } _: { _, server, clients in
            try clients[0].write("y")
            while clients[0].isReadable, server.connectionCount == 2, try clients[0].read(upTo: 1) != Array("a".utf8) {}
            try #expect(server.shutDown(within: amply).isClean)
            try #expect(clients[1].readAll() == [])
        }
    }

    @Test func `what came before the shutdown is returned, and from then on nothing is waited for`() throws {
        try inFiber {
            let server = try TCPListener.listen(on: 0).serve { _, _ in }
            let channel = Channel<Int>(capacity: 1)
            var calls = 0
            let waiting = Fiber.spawn { try server.untilShutDown { try channel.take() } }
            let told = Fiber.spawn { try server.untilShutDown { try channel.take() } }
            try drain()
            try channel.put(1)
            try server.shutDown(within: .zero)
            try #expect(waiting.fetch() == 1)
            try #expect(told.fetch() == nil)
            try #expect(server.untilShutDown { calls += 1 } == nil)
            #expect(calls == 0)
        }
    }

    @Test func `a fiber that was told parks as usual afterwards, and its own cancellation is still one`() throws {
        try inFiber {
            let server = try TCPListener.listen(on: 0).serve { _, _ in }
            let told = Fiber.spawn {
                try #expect(server.untilShutDown { try Fiber.park() } == nil)
                try Fiber.yield()
                return "went on"
            }
            let cancelled = Fiber.spawn { try server.untilShutDown { try Fiber.park() } }
            try drain()
            cancelled.cancel()
            #expect(failure(of: cancelled) is CancellationError)
            try server.shutDown(within: .zero)
            try #expect(told.fetch() == "went on")
        }
    }

    @Test func `who does not end in time is cancelled and told with its site, but is no failure`() throws {
        try withServer(clients: 2) { connection, _ in
            _ = try connection.read()
        } _: { _, server, clients in
            let report = try server.shutDown(within: soon)
            #expect(report.cancelled.count == 2)
            #expect(report.remaining == [])
            for (line, client) in zip(report.cancelled, clients) {
                #expect(line.contains("fiber \"connection to \(client.local)\" waits for "))
                #expect(line.contains("spawned at FibersTests/ServerShutdownTests.swift:"))
                try #expect(client.readAll() == [])
            }
            #expect(report.description.hasPrefix("connections cancelled: 2, of which not ended: 0\n"))
        }
    }

    @Test func `who does not end even when cancelled is reported as remaining`() throws {
        let mayEnd = Event(name: "the end")
        try withServer(clients: 1) { _, _ in
            try Fiber.shield { try mayEnd.wait() }
        } _: { _, server, _ in
            let report = try server.shutDown(within: soon, unwindingWithin: soon)
            #expect(report.cancelled == report.remaining)
            #expect(report.remaining.count == 1)
            #expect(report.description.contains("not ended: fiber \"connection to "))
            mayEnd.notify()
            try #expect(server.shutDown(within: amply).isClean)
        }
    }

    @Test func `a second shutdown may be shorter, and both return`() throws {
        try withServer(clients: 1) { connection, _ in
            _ = try connection.read()
        } _: { _, server, _ in
            let patient = Fiber.spawn { try server.shutDown(within: amply) }
            try drain()
            try #expect(server.shutDown(within: .zero).cancelled.count == 1)
            try #expect(patient.fetch().isClean)
        }
    }

    @Test func `a cancelled shutdown throws, and the connections go on`() throws {
        try withServer(clients: 1) { connection, _ in
            try connection.write(try connection.read())
        } _: { _, server, clients in
            let shutdown = Fiber.spawn { try server.shutDown(within: amply) }
            try drain()
            shutdown.cancel()
            #expect(failure(of: shutdown) is CancellationError)
            #expect(failure(of: { try withTimeout(soon) { try server.shutDown(within: amply) } }) is TimeoutError)
            try clients[0].write("z")
            try #expect(clients[0].readAll() == Array("z".utf8))
        }
    }

    @Test func `a handler that shuts its own server down gets an error instead of a deadlock`() throws {
        var error: (any Error)?
        try withServer(clients: 1) { _, server in
            error = failure { try server.shutDown(within: amply) }
        } _: { _, _, clients in
            try #expect(clients[0].readAll() == [])
        }
        #expect(error is ConcurrencyViolationError)
    }
}
