// SPDX-License-Identifier: MIT
import Fibers
import FibersTLS
import Testing

private let hasOpenSSL = (try? inFiber { try Command("openssl", "version").run() }) != nil

/// Against OpenSSL's own client and server, which are other processes. Where that program is missing these cannot run.
@Suite(.enabled(if: hasOpenSSL)) struct InteroperabilityTests {
    // MARK: Its client

    @Test(arguments: ["-tls1_3": TLSVersion.v1_3, "-tls1_2": .v1_2])
    func `OpenSSL's client is served`(option: String, version: TLSVersion) throws {
        try withServer { accept, port in
            try OpenSSLProgram.withClient(of: port, options: "-quiet -verify_return_error \(option)") { client in
                let stream = try accept()
                #expect(stream.version == version)
                #expect(stream.requestedHost == "example.org")
                try client.feed("hello")
                #expect(try BufferedReader(stream).readLine() == "hello")
                try stream.write("answer\n")
                stream.close()
                try client.awaitOutput("answer")
                #expect(try client.process.wait().isSuccess)
            }
        }
    }

    @Test func `keys that OpenSSL's client changes are changed here, too`() throws {
        try withServer { accept, port in
            try OpenSSLProgram.withClient(of: port) { client in
                let stream = try accept()
                let reader = BufferedReader(stream)
                for line in ["one", "two", "three"] {
                    try client.feed(line)
                    #expect(try reader.readLine() == line)
                    try stream.write("got \(line)\n")
                    try client.awaitOutput("got \(line)")
                    try client.feed("K")
                    try client.awaitOutput("KEYUPDATE", times: ["one": 1, "two": 2, "three": 3][line] ?? 0)
                }
                stream.close()
                #expect(try client.process.wait().isSuccess)
            }
        }
    }

    @Test func `a client that negotiates anew is refused`() throws {
        try withServer { accept, port in
            try OpenSSLProgram.withClient(of: port, options: "-tls1_2") { client in
                let stream = try accept()
                try client.feed("R")
                #expect(failure { try stream.read() } != nil)
                try client.awaitOutput("no renegotiation")
            }
        }
    }

    // MARK: Its server

    @Test(arguments: ["-tls1_3": TLSVersion.v1_3, "-tls1_2": .v1_2])
    func `OpenSSL's server is understood`(option: String, version: TLSVersion) throws {
        try OpenSSLProgram.withServer(options: "-rev \(option)") { server in
            let stream = try connect(to: server)
            #expect(stream.version == version)
            try stream.write("stressed\n")
            #expect(try BufferedReader(stream).readLine() == "desserts")
            stream.close()
        }
    }

    @Test func `a version that is too old is refused`() throws {
        try OpenSSLProgram.withServer(options: "-rev -tls1_2") { server in
            let error = failure { try connect(to: server) { $0.minimumVersion = .v1_3 } } as? TLSError
            #expect(error?.cause == .refusedByPeer)
        }
    }

    @Test func `what a client writes arrives, though it never reads the server's tickets`() throws {
        try OpenSSLProgram.withServer { server in
            let stream = try connect(to: server)
            for _ in 0..<100 { try stream.write([UInt8](repeating: 120, count: 40_000) + [10]) }
            try stream.write("the last line\n")
            stream.close()
            try server.awaitOutput("the last line")
        }
    }
}

/// Runs a body with what accepts a connection, and the port on which it comes.
private func withServer(_ body: (() throws -> TLSStream, Int) throws -> Void) throws {
    try inFiber {
        let context = try TLSContext.server()
        let listener = try TCPListener.listen(on: 0)
        try body({ try TLSStream.accept(over: listener.accept(), context: context) }, listener.address.port)
    }
}

private func connect(
    to server: OpenSSLProgram, _ change: (inout TLSConfiguration) -> Void = { _ in }
) throws -> TLSStream {
    let connection = try TCPConnection.connect(to: "127.0.0.1", port: server.port())
    return try TLSStream.connect(over: connection, host: "example.org", context: .client(change))
}
