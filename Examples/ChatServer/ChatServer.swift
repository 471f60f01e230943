// SPDX-License-Identifier: MIT
// A chat server with rooms, for clients such as nc. On Ctrl-C or SIGTERM it takes no new clients, tells those it has, and
// ends.
//
//     swift run ChatServer --port 7001

import ArgumentParser
import Fibers
import SystemPackage

@main struct ChatServer: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A chat server with rooms.",
        discussion: "Lines of clients: nick NAME, join ROOM, say ROOM TEXT, leave ROOM, who [ROOM], quit.")

    @Option(help: "The port to listen on; 0 lets the system choose.")
    var port = 7001
    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"
    @Option(help: "How many lines may wait for a client that reads slowly before it is dropped.")
    var queue = 100
    @Option(help: "How many seconds a client may take to take what is written to it.")
    var patience = 5
    @Option(help: "How many seconds clients may take to end when the server ends.")
    var grace = 5

    func validate() throws {
        guard queue > 0 else { throw ValidationError("--queue must be at least 1, not \(queue)") }
    }

    func run() throws {
        let lobby = Lobby(queueSize: queue)
        let signals = try Signals(.interrupt, .terminate)
        let listener = try TCPListener.listen(on: port, host: host)
        let server = listener.serve(onFailure: Self.report) { connection, server in
            try Session(connection, in: lobby, patience: .seconds(patience)).run(server)
        }
        try Self.say("listening on \(listener.address)")
        try Self.say("\(signals.wait()): ending, clients: \(server.connectionCount)")
        try Self.say("\(server.shutDown(within: .seconds(grace)))")
        try Self.say("stopped")
    }

    private static func report(_ error: any Error, _ connection: TCPConnection?) {
        try? say("\(connection.map { "\($0.peer)" } ?? "no new clients"): \(error)")
    }

    /// Unlike `print`, not held back in a buffer when the output is a file.
    private static func say(_ line: String) throws {
        try FileDescriptor.standardOutput.writeAll("\(line)\n".utf8)
    }
}
