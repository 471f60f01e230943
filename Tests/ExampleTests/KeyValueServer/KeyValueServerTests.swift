// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct KeyValueServerTests {
    @Test func `a pipeline is answered, and SIGTERM ends the server though clients are idle, wait or subscribe`() throws
    {
        try withDaemon("exec '\(example("KeyValueServer"))' --port 0") { server, output in
            try waitFor("listening on .+:\\d+\\n", in: output)
            let port = try #require(try output().firstMatch(of: /:(\d+)\n/).flatMap { Int($0.1) })
            let commands = ["SET k v\r\nGET k\r\n", "SUBSCRIBE news\r\n", "PING\r\nBLPOP list 0\r\n"]
            let answers = ["+OK\r\n$1\r\nv\r\n", "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n", "+PONG\r\n"]
            let clients = try zip(commands, answers).map { command, answer in
                let client = try TCPConnection.connect(to: "127.0.0.1", port: port)
                try client.write(command)
                try #expect(BufferedReader(client).readExactly(answer.utf8.count) == Array(answer.utf8))
                return client
            }
            try server.kill(.terminate)
            try #expect(server.wait().isSuccess)
            for client in clients { try #expect(client.read() == []) }
            try #expect(output().hasSuffix("ending, clients: 3\nevery connection ended by itself\nstopped\n"))
        }
    }
}
