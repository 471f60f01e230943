// SPDX-License-Identifier: MIT
import ArgumentParser
import CFloor
import Fibers
import FibersTLS
import Foundation
import SystemPackage

/// Prints a port, and serves there for ever.
struct EchoServer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo-server", abstract: "Sends back what comes to a TCP port, which it prints.")

    enum Subject: String, CaseIterable, ExpressibleByArgument {
        case fibers
        case fibersTLS = "fibers-tls"
        case libuv
        case openSSL = "openssl"

        var command: Command {
            Command(CommandLine.arguments[0], arguments: [EchoServer.configuration.commandName ?? "", rawValue])
        }
    }

    @Argument(help: "With what: \(Subject.allCases.map(\.rawValue).joined(separator: ", ")).")
    var subject = Subject.fibers

    func run() throws {
        switch subject {
        case .fibers: try serve { try echo($0) }
        case .fibersTLS: try serveTLS()
        case .libuv: floor_echo_serve()
        case .openSSL: floor_echo_serve_tls()
        }
    }
}

private func serve(_ client: @escaping (TCPConnection) throws -> Void) throws {
    let listener = try TCPListener.listen(on: 0, backlog: 4096)
    try FileDescriptor.standardOutput.writeAll("\(listener.address.port)\n".utf8)
    try withFiberGroup { group in
        for connection in listener { group.spawn { try? client(connection) } }
    }
}

private func serveTLS() throws {
    var (certificate, key): (UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<CChar>?)
    guard floor_tls_make_identity(&certificate, &key), let certificate, let key else {
        throw ChildFailure(text: "OpenSSL cannot make a certificate")
    }
    var configuration = TLSConfiguration()
    configuration.identity = TLSIdentity(chain: .text(String(cString: certificate)), key: .text(String(cString: key)))
    let context = try TLSContext(configuration)
    try serve { connection in
        let stream = try TLSStream.accept(over: connection, context: context)
        defer { stream.close() }
        try echo(stream)
    }
}

private func echo(_ client: some ByteStream) throws {
    while case let bytes = try client.read(), !bytes.isEmpty { try client.write(bytes) }
}
