// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ParallelEchoServerTests {
    @Test func `clients are spread over the workers, and each worker counts its own`() throws {
        try withServer { port, server, output in
            let clients = try (0..<64).map { _ in try TCPConnection.connect(to: "127.0.0.1", port: port) }
            for (number, client) in clients.enumerated() {
                try client.write("\(number)")
                try #expect(client.read() == Array("\(number)".utf8))
            }
            try server.kill(.interrupt)
            for client in clients { client.close() }
            try #expect(server.wait().isSuccess)
            let counts = try output().matches(of: /worker \d had (\d+) clients/).compactMap { Int($0.1) }
            #expect(counts.count == 2)
            #expect(counts.reduce(0, +) == 64)
            #expect(!counts.contains(0))
            try #expect(output().hasSuffix("stopped\n"))
        }
    }

    @Test func `a second signal sends the clients of all workers away`() throws {
        try withServer { port, server, output in
            let clients = try (0..<16).map { _ in try TCPConnection.connect(to: "127.0.0.1", port: port) }
            for client in clients {
                try client.write("x")
                _ = try client.read()
            }
            try server.kill(.interrupt)
            try waitFor("no new clients", in: output)
            try server.kill(.terminate)
            try #expect(server.wait().isSuccess)
            for client in clients { try #expect(client.read() == []) }
        }
    }

    private func withServer(
        _ body: (_ port: Int, _ server: ChildProcess, _ output: @escaping () throws -> String) throws -> Void
    ) throws {
        try withDaemon("FIBERS_THREADS=2 exec '\(example("ParallelEchoServer"))' 0") { server, output in
            try waitFor("(?s)listening on .+listening on .+\\n", in: output)
            let ports = Set(try output().matches(of: /:(\d+)/).map { $0.1 })
            #expect(ports.count == 1)
            try body(try #require(ports.first.flatMap { Int($0) }), server, output)
        }
    }
}
