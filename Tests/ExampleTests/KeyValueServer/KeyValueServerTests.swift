// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct KeyValueServerTests {
    /// Starts the daemon on a free port, and hands that, the daemon and its output so far to `body`.
    private func withServer(
        _ options: String = "", _ body: (Int, ChildProcess, @escaping () throws -> String) throws -> Void
    ) throws {
        try withDaemon("exec '\(example("KeyValueServer"))' --port 0 \(options)") { server, output in
            try waitFor("listening on .+:\\d+\\n", in: output)
            let port = try #require(try output().firstMatch(of: /:(\d+)\n/).flatMap { Int($0.1) })
            try body(port, server, output)
        }
    }

    /// A client that has said this, and has got this answer.
    private func connect(to port: Int, saying commands: String = "PING\r\n", until answer: String = "+PONG\r\n") throws
        -> Talker
    {
        let talker = Talker(try TCPConnection.connect(to: "127.0.0.1", port: port))
        try #expect(talker.say(commands, upTo: answer.utf8.count) == answer)
        return talker
    }

    private final class Talker {
        let connection: TCPConnection
        let reader: BufferedReader

        init(_ connection: TCPConnection) {
            self.connection = connection
            reader = BufferedReader(connection)
        }

        func say(_ commands: String, upTo count: Int) throws -> String {
            try connection.write(commands)
            return String(decoding: try reader.readExactly(count), as: UTF8.self)
        }

        /// Says one command, which is answered by one line.
        func ask(_ words: String...) throws -> String? {
            let bulks = words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
            try connection.write("*\(words.count)\r\n\(bulks)")
            return try reader.readLine()
        }
    }

    @Test func `a pipeline is answered, and SIGTERM ends the server though clients are idle, wait or subscribe`() throws
    {
        try withServer { port, server, output in
            let commands = ["SET k v\r\nGET k\r\n", "SUBSCRIBE news\r\n", "PING\r\nBLPOP list 0\r\n"]
            let answers = ["+OK\r\n$1\r\nv\r\n", "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n", "+PONG\r\n"]
            let clients = try zip(commands, answers).map { try connect(to: port, saying: $0, until: $1) }
            try server.kill(.terminate)
            try #expect(server.wait().isSuccess)
            for client in clients { try #expect(client.connection.read() == []) }
            try #expect(output().hasSuffix("ending, clients: 3\nevery connection ended by itself\nstopped\n"))
        }
    }

    @Test func `who sends a command without end, byte by byte, is sent away in time; who is idle stays`() throws {
        try withServer("--patience 0.05") { port, _, output in
            let idle = try connect(to: port)
            let slow = try connect(to: port, saying: "PING\r\n*2\r\n$4\r\nECHO\r\n$100000\r\n")
            let error = failure {
                for _ in 0..<100_000 {
                    try slow.connection.write("x")
                    try #expect(idle.ask("PING") == "+PONG")
                }
            }
            #expect([.connectionReset, .brokenPipe].contains(code(of: error)))
            try waitFor("\(slow.connection.local).*: the time allowed has passed", in: output)
        }
    }

    @Test func `who reads no answers is not served on, costs nobody else anything, and gets all when it reads`() throws
    {
        try withServer { port, _, _ in
            let other = try connect(to: port)
            let value = String(repeating: "x", count: 1 << 20)
            try #expect(other.ask("SET", "big", value) == "+OK")
            let late = try connect(to: port)
            let count = 100
            try late.connection.write(String(repeating: "GET big\r\nINCR served\r\n", count: count))
            for _ in 0..<100 { try #expect(other.ask("PING") == "+PONG") }
            // What is beyond these the kernel's buffers would have to hold.
            let served = try #require(try other.ask("INCR", "served").flatMap { Int($0.dropFirst()) })
            #expect(served < count)
            for _ in 0..<count {
                try #expect(late.reader.readLine() == "$\(1 << 20)")
                try #expect(late.reader.skip(value.utf8.count + 2) == value.utf8.count + 2)
                try #expect(late.reader.readLine()?.hasPrefix(":") == true)
            }
            try #expect(other.ask("INCR", "served") == ":\(count + 2)")
        }
    }

    @Test func `a subscriber that never reads is disconnected, and its messages are bounded`() throws {
        try withServer { port, _, _ in
            let answer = "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n"
            let slow = try connect(to: port, saying: "SUBSCRIBE news\r\n", until: answer)
            let publisher = try connect(to: port)
            let message = String(repeating: "x", count: 65_000)
            var sent = 0
            while try publisher.ask("PUBLISH", "news", message) == ":1" { sent += 1 }
            // 8 MiB wait in the server, and some more in the kernel.
            #expect((100..<2000).contains(sent))
            var received = 0
            while let bytes = try? slow.connection.read(), !bytes.isEmpty { received += bytes.count }
            #expect(received < sent * 65_050)
        }
    }
}
