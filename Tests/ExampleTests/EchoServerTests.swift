// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct EchoServerTests {
    /// Starts the daemon on a free port and hands its output so far and itself to `body`.
    private func withServer(
        _ body: (_ port: Int, _ server: ChildProcess, _ output: @escaping () throws -> String) throws -> Void
    )
        throws
    {
        try withDaemon("exec '\(example("EchoServer"))' 0") { server, output in
            try waitFor("listening on", in: output)
            let port = try #require(try output().firstMatch(of: /:(\d+)/)?.1)
            try body(try #require(Int(port)), server, output)
        }
    }

    @Test func `a client written by nobody here gets its lines back`() throws {
        try withServer { port, _, _ in
            let script = "exec 3<>/dev/tcp/127.0.0.1/\(port); echo one >&3; read -r line <&3; echo \"$line\""
            try #expect(text(of: Command("bash", "-c", script)) == "one\n")
        }
    }

    @Test func `an interrupt stops accepting, serves whoever is there, and ends with status 0`() throws {
        try withServer { port, server, output in
            let client = try TCPConnection.connect(to: "127.0.0.1", port: port)
            try client.write("before")
            try #expect(client.read() == Array("before".utf8))
            try server.kill(.interrupt)
            try waitFor("1 left to serve", in: output)
            #expect(throws: IOError.self) { try TCPConnection.connect(to: "127.0.0.1", port: port) }
            try client.write("after")
            try #expect(client.read() == Array("after".utf8))
            client.close()
            try #expect(server.wait().isSuccess)
            try #expect(output().hasSuffix("stopped\n"))
        }
    }

    @Test func `a second signal sends the last clients away`() throws {
        try withServer { port, server, output in
            let client = try TCPConnection.connect(to: "127.0.0.1", port: port)
            try client.write("x")
            _ = try client.read()
            try server.kill(.interrupt)
            try waitFor("1 left to serve", in: output)
            try server.kill(.terminate)
            try #expect(server.wait().isSuccess)
            try #expect(client.read() == [])
        }
    }
}
