// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ChatServerTests {
    /// Starts the daemon on a free port, and hands that, the daemon and its output so far to `body`.
    private func withServer(
        _ options: String = "", _ body: (Int, ChildProcess, @escaping () throws -> String) throws -> Void
    ) throws {
        try withDaemon("exec '\(example("ChatServer"))' --port 0 \(options)") { server, output in
            try waitFor("listening on .+:\\d+\\n", in: output)
            let port = try #require(try output().firstMatch(of: /:(\d+)\n/)?.1)
            try body(try #require(Int(port)), server, output)
        }
    }

    /// A client that has said the lines; those that answer the last begin with `answer`.
    private func connect(to port: Int, saying lines: String..., until answer: String) throws -> Chatter {
        let chatter = Chatter(try TCPConnection.connect(to: "127.0.0.1", port: port))
        for line in lines { try chatter.connection.write("\(line)\n") }
        try chatter.read(until: answer)
        return chatter
    }

    private final class Chatter {
        let connection: TCPConnection
        private let reader: BufferedReader

        init(_ connection: TCPConnection) {
            self.connection = connection
            reader = BufferedReader(connection)
        }

        /// The lines up to this one, or to the end.
        @discardableResult
        func read(until last: String) throws -> [String] {
            var lines: [String] = []
            while lines.last != last, let line = try reader.readLine() { lines.append(line) }
            return lines
        }
    }

    @Test func `clients that are nc talk in a room`() throws {
        try withServer { port, _, _ in
            let ann = try connect(to: port, saying: "nick ann", "join tea", until: "tea: * ann joined")
            let script = "printf 'nick bob\\njoin tea\\nsay tea hello\\nwho tea\\nquit\\n' | nc -N 127.0.0.1 \(port)"
            try #expect(
                text(of: Command("sh", "-c", script)) == """
                    you are guest2
                    you are bob
                    tea: * bob joined
                    tea: <bob> hello
                    tea: ann bob
                    tea: * bob left

                    """)
            try #expect(
                ann.read(until: "tea: * bob left") == ["tea: * bob joined", "tea: <bob> hello", "tea: * bob left"])
        }
    }

    @Test func `a client that goes away leaves its rooms`() throws {
        try withServer { port, _, _ in
            let ann = try connect(to: port, saying: "join tea", until: "tea: * guest1 joined")
            let bob = try connect(to: port, saying: "join tea", until: "tea: * guest2 joined")
            bob.connection.close()
            try #expect(ann.read(until: "tea: * guest2 left").last == "tea: * guest2 left")
        }
    }

    @Test func `who reads nothing is dropped, and the others are not delayed`() throws {
        try withServer("--patience 60") { port, _, _ in
            let slow = try connect(to: port, saying: "join tea", until: "tea: * guest1 joined")
            let ann = try connect(to: port, saying: "join tea", until: "tea: * guest2 joined")
            let lines = String(repeating: "say tea " + String(repeating: "x", count: 1000) + "\n", count: 50)
            repeat {
                try ann.connection.write(lines + "who\n")
            } while try !ann.read(until: "rooms: tea").contains("tea: * guest1 left")
            try #expect(slow.read(until: "").last == "! dropped: you read too slowly")
        }
    }

    @Test func `a line that is too long ends the client, who is told`() throws {
        try withServer { port, _, _ in
            let client = try connect(to: port, saying: String(repeating: "x", count: 2000), until: "")
            try #expect(client.read(until: "") == [])
            let script = "head -c 2000 /dev/zero | nc -N 127.0.0.1 \(port)"
            try #expect(text(of: Command("sh", "-c", script)).hasSuffix("! a line has at most 1024 bytes\n"))
        }
    }

    @Test func `an interrupt tells the clients, and ends with status 0`() throws {
        try withServer { port, server, output in
            let client = try connect(to: port, saying: "join tea", until: "tea: * guest1 joined")
            try server.kill(.interrupt)
            try #expect(client.read(until: "") == ["! the server ends", "tea: * guest1 left"])
            try #expect(server.wait().isSuccess)
            try #expect(output().hasSuffix("ending, clients: 1\nevery connection ended by itself\nstopped\n"))
        }
    }
}
