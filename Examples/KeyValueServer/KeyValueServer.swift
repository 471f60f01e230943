// SPDX-License-Identifier: MIT
// A server of keys and values in memory, for clients of Redis. On Ctrl-C or SIGTERM it takes no new clients, answers what it
// has read, and ends.
//
//     swift run -c release KeyValueServer --port 6379

import ArgumentParser
import Fibers
import SystemPackage

@main struct KeyValueServer: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serves keys and values in memory, by Redis's protocol.")

    @Option(help: "The port to listen on; 0 lets the system choose.")
    var port = 6379
    @Option(help: "How many seconds a client may take to complete a command that it has begun.")
    var patience = 60.0
    @Option(help: "How many seconds clients may take to end when the server ends.")
    var grace = 5

    func run() throws {
        let service = Service(patience: .seconds(patience))
        let signals = try Signals(.interrupt, .terminate)
        let listener = try TCPListener.listen(on: port)
        let server = listener.serve(onFailure: Self.report) { connection, server in
            try Client(connection, of: service).serve(waiting: server.untilShutDown)
        }
        Fiber.spawn(name: "sweeper") {
            while !server.isShuttingDown {
                try Fiber.sleep(for: .seconds(1))
                service.store.removeExpired()
            }
        }
        try Self.say("listening on \(listener.address)")
        try Self.say("\(signals.wait()): ending, clients: \(server.connectionCount)")
        try Self.say("\(server.shutDown(within: .seconds(grace)))\nstopped")
    }

    /// Clients that go away without a word are no news.
    private static func report(_ error: any Error, _ connection: TCPConnection?) {
        let cause = (error as? PartialWriteError)?.cause ?? error
        let isGone = (cause as? IOError).map { [.connectionReset, .brokenPipe].contains($0.code) } ?? false
        if !isGone, !(cause is ClosedError) { try? say("\(connection?.description ?? "no new clients"): \(error)") }
    }

    /// Unlike `print`, not held back in a buffer when the output is a file.
    private static func say(_ line: String) throws {
        try FileDescriptor.standardOutput.writeAll("\(line)\n".utf8)
    }
}
