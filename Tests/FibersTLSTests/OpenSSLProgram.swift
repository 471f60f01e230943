// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

/// A running `openssl s_client` or `s_server`, which can be fed lines.
struct OpenSSLProgram {
    let process: ChildProcess
    /// A fifo that is open for both directions, so that the program's input never ends and writing never parks.
    private let input: FileDescriptor
    /// The file with all that it prints.
    private let output: String

    static func withClient(of port: Int, options: String = "", _ body: (OpenSSLProgram) throws -> Void) throws {
        try withFile(Certificates.root) { root in
            let names = "-servername example.org -verify_hostname example.org -CAfile \(root)"
            try with("s_client -connect 127.0.0.1:\(port) \(names) \(options)", body)
        }
    }

    /// - Parameter body: Runs in a loop of its own.
    static func withServer(options: String = "", _ body: (OpenSSLProgram) throws -> Void) throws {
        try inFiber {
            try withFile(Certificates.server + "\n" + Certificates.serverKey) { file in
                let files = "-cert \(file) -cert_chain \(file) -key \(file)"
                try with("s_server -accept 127.0.0.1:0 \(files) \(options)", body)
            }
        }
    }

    private static func with(_ arguments: String, _ body: (OpenSSLProgram) throws -> Void) throws {
        try withFile("") { output in
            let fifo = "\(output).in"
            try Command("mkfifo", fifo).run()
            defer { try? Command("rm", "-f", fifo).run() }
            let input = try FileDescriptor.open(FilePath(fifo), .readWrite, options: .closeOnExec)
            defer { try? input.close() }
            let process = try Command("sh", "-c", "exec openssl \(arguments) <\(fifo) >\(output) 2>&1").spawn()
            defer {
                try? process.kill(.kill)
                _ = try? process.wait()
            }
            try body(OpenSSLProgram(process: process, input: input, output: output))
        }
    }

    func feed(_ line: String) throws { try input.writeAll("\(line)\n".utf8) }

    func printed() throws -> String { try text(of: Command("cat", output)) }

    /// Parks until the program has printed the text.
    func awaitOutput(_ text: String, times: Int = 1) throws {
        let result = try timedWait(timeout: .seconds(60), pollInterval: .milliseconds(5)) {
            try printed().ranges(of: text).count >= times
        }
        #expect(result == .ok, "never printed: \(text)")
    }

    /// The port on which it listens.
    func port() throws -> Int {
        let marker = "ACCEPT 127.0.0.1:"
        try awaitOutput(marker)
        let rest = try printed().split(separator: "\n").first { $0.hasPrefix(marker) }?.dropFirst(marker.count)
        return try #require(rest.flatMap { Int($0) })
    }
}
