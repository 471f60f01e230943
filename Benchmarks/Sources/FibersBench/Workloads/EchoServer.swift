// SPDX-License-Identifier: MIT
import ArgumentParser
import CFloor
import Fibers
import SystemPackage

/// Prints a port, and serves there for ever.
struct EchoServer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo-server", abstract: "Sends back what comes to a TCP port, which it prints.")

    enum Subject: String, CaseIterable, ExpressibleByArgument {
        case fibers
        case libuv

        var command: Command {
            Command(CommandLine.arguments[0], arguments: [EchoServer.configuration.commandName ?? "", rawValue])
        }
    }

    @Argument(help: "With what: \(Subject.allCases.map(\.rawValue).joined(separator: " or ")).")
    var subject = Subject.fibers

    func run() throws {
        switch subject {
        case .fibers: try serveWithFibers()
        case .libuv: floor_echo_serve()
        }
    }
}

private func serveWithFibers() throws {
    let listener = try TCPListener.listen(on: 0, backlog: 4096)
    try FileDescriptor.standardOutput.writeAll("\(listener.address.port)\n".utf8)
    try withFiberGroup { group in
        for client in listener { group.spawn { try? echo(client) } }
    }
}

private func echo(_ client: TCPConnection) throws {
    while case let bytes = try client.read(), !bytes.isEmpty { try client.write(bytes) }
}
