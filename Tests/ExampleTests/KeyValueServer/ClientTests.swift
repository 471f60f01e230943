// SPDX-License-Identifier: MIT
import Fibers
import Testing

@testable import KeyValueServer

/// Clients on streams in memory, without a server.
@Suite struct ClientTests {
    private let store = Store()

    /// A client that has sent the lines and closed its half; returns what it gets.
    private func answer(to lines: String...) throws -> String {
        let (near, far) = MemoryStream.makePair(capacity: 1 << 20)
        try far.write(lines.map { $0 + "\r\n" }.joined())
        try far.closeWrite()
        try Client(near, of: store).serve(waiting: { try $0() })
        near.close()
        return String(decoding: try BufferedReader(far).readToEnd(), as: UTF8.self).replacing("\r\n", with: " ")
    }

    /// A client that goes on; its lines are sent and its answers read at the far end.
    private func connect(
        capacity: Int = 65_536
    ) throws -> (stream: MemoryStream, reader: BufferedReader, fiber: Fiber<Void>) {
        let (near, far) = MemoryStream.makePair(capacity: capacity)
        let fiber = Fiber.spawn { [store] in
            defer { near.close() }
            try Client(near, of: store, outboxLimit: 50_000).serve(waiting: { try $0() })
        }
        return (far, BufferedReader(far), fiber)
    }

    @Test func `all that has come is answered by one write`() throws {
        try inFiber {
            let client = try connect()
            try client.stream.write("SET k v\r\nGET k\r\nget none\r\nPING\r\n")
            try #expect(client.stream.read() == Array("+OK\r\n$1\r\nv\r\n$-1\r\n+PONG\r\n".utf8))
        }
    }

    @Test func `a client that never completes a command is sent away, one that is idle is not`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let client = Fiber.spawn {
                try Client(near, of: store).serve(patience: .milliseconds(1), waiting: { try $0() })
            }
            try far.write("PING\r\n")
            _ = try far.read()
            try Fiber.sleep(for: .milliseconds(5))
            #expect(!client.isDone)
            try far.write("PIN")
            let error = #expect(throws: FiberFailedError.self) { try client.wait() }
            #expect(error?.error is TimeoutError)
        }
    }

    @Test func `a command cut anywhere is answered once`() throws {
        try inFiber {
            let client = try connect()
            let text = "*2\r\n$4\r\nECHO\r\n$2\r\nhi\r\n"
            for byte in text.utf8 {
                try client.stream.write([byte])
                try drain()
            }
            try #expect(client.stream.read() == Array("$2\r\nhi\r\n".utf8))
        }
    }

    @Test func `a transaction is run as a whole, or not at all`() throws {
        try inFiber {
            try #expect(
                answer(to: "MULTI", "SET a 1", "BLPOP none 0", "INCR a", "EXEC")
                    == "+OK +QUEUED +QUEUED +QUEUED *3 +OK *-1 :2 ")
            try #expect(
                answer(to: "MULTI", "SET a 9", "GET", "EXEC", "GET a").hasSuffix(
                    "-EXECABORT Transaction discarded because of previous errors. $1 2 "))
            try #expect(answer(to: "MULTI", "SET a 9", "DISCARD", "GET a") == "+OK +QUEUED +OK $1 2 ")
        }
    }

    @Test func `those who wait for lists are served in the order they came, after the whole command`() throws {
        try inFiber {
            let (first, second) = (try connect(), try connect())
            for client in [first, second] {
                try client.stream.write("BLPOP other list 0\r\n")
                try drain()
            }
            try #expect(answer(to: "LPUSH list a b c") == ":3 ")
            for (client, element) in zip([first, second], ["c", "b"]) {
                try #expect(client.stream.read() == Array("*2\r\n$4\r\nlist\r\n$1\r\n\(element)\r\n".utf8))
            }
            try #expect(answer(to: "LRANGE list 0 -1") == "*1 $1 a ")
        }
    }

    @Test func `who goes away while it waits takes nothing, and what it had sent in advance changes nothing`() throws {
        try inFiber {
            let gone = try connect()
            try gone.stream.write("BLPOP list 0\r\nPING\r\n")
            try drain()
            gone.stream.close()
            try gone.fiber.wait()
            try #expect(answer(to: "RPUSH list a", "LPOP list") == ":1 $1 a ")
        }
    }

    @Test func `a wait for a list begins with what came while earlier answers were sent`() throws {
        try EventLoop.run(isolated: true) {
            let client = try connect(capacity: 64)
            try client.stream.write("INFO\r\nBLPOP list 0\r\n")
            try drain()
            try #expect(answer(to: "RPUSH list a") == ":1 ")
            let count = try #require(try client.reader.readLine().flatMap { Int($0.dropFirst()) })
            try #expect(client.reader.readExactly(count + 2).count > 64)
            try #expect(client.reader.readExactly(21) == Array("*2\r\n$4\r\nlist\r\n$1\r\na\r\n".utf8))
            #expect(store.count == 0)
        }
    }

    @Test func `a wait for a list ends in time, and the next command is answered`() throws {
        try inFiber {
            let client = try connect()
            try client.stream.write("BLPOP list 0.001\r\nPING\r\n")
            try #expect(client.reader.readLine() == "*-1")
            try #expect(client.reader.readLine() == "+PONG")
        }
    }

    @Test func `a subscriber gets what is published, behind its confirmation, until it unsubscribes`() throws {
        try inFiber {
            let subscriber = try connect()
            try subscriber.stream.write("SUBSCRIBE a b\r\nGET k\r\nPING\r\n")
            try drain()
            try #expect(answer(to: "PUBLISH a one", "PUBLISH c two") == ":1 :0 ")
            try subscriber.stream.write("UNSUBSCRIBE\r\nGET k\r\n")
            try drain()
            try #expect(answer(to: "PUBLISH a three") == ":0 ")
            try subscriber.stream.closeWrite()
            let lines = Array(subscriber.reader.lines())
            #expect(lines.first == "*3")
            #expect(lines.contains { $0.hasPrefix("-ERR Can't execute 'get': only (P|S)SUBSCRIBE") })
            #expect(lines.joined(separator: " ").contains("pong $0  *3 $7 message $1 a $3 one *3 $11 unsubscribe"))
            #expect(lines.last == "$-1")
        }
    }

    @Test func `a subscriber that reads nothing is disconnected, and the publisher never waits`() throws {
        try inFiber {
            let slow = try connect()
            try slow.stream.write("SUBSCRIBE news\r\n")
            try drain()
            let text = String(repeating: "x", count: 10_000)
            var sent = 0
            while !slow.fiber.isDone, sent < 100 {
                _ = try answer(to: "PUBLISH news \(text)")
                try drain()
                sent += 1
            }
            #expect((10..<20).contains(sent))
            #expect(throws: FiberFailedError.self) { try slow.fiber.wait() }
            try #expect(answer(to: "PUBLISH news x") == ":0 ")
        }
    }

    @Test func `a key expires`() throws {
        try inFiber {
            try #expect(answer(to: "SET k v PX 1", "EXISTS k") == "+OK :1 ")
            try Fiber.sleep(for: .milliseconds(2))
            try #expect(answer(to: "EXISTS k", "TTL k", "SET k v PX 1", "SET k w", "TTL k") == ":0 :-2 +OK +OK :-1 ")
            try #expect(answer(to: "SET k v PX 1") == "+OK ")
            try Fiber.sleep(for: .milliseconds(2))
            store.removeExpired()
            #expect(store.count == 0)
        }
    }
}
