// SPDX-License-Identifier: MIT
// A server of keys and values in memory, for clients of Redis. On Ctrl-C or SIGTERM it takes no new clients, answers what it
// has read, and ends.
//
//     swift run -c release KeyValueServer --port 6379

import ArgumentParser
import Fibers

@main struct KeyValueServer: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serves keys and values in memory, by Redis's protocol.")

    @Option(help: "The port to listen on; 0 lets the system choose.")
    var port = 6379
    @Option(help: "How many seconds a client may take to complete a command that it has begun.")
    var patience = 60.0
    @Option(help: "How many seconds clients may take to end when the server ends.")
    var grace = 5

    func run() throws {
        let (store, output) = (Store(), try StandardStreams.output())
        let signals = try Signals(.interrupt, .terminate)
        let listener = try TCPListener.listen(on: port)
        let server = listener.serve { connection, server in
            try Client(connection, of: store).serve(patience: .seconds(patience), waiting: server.untilShutDown)
        }
        _ = try Ticker(after: .seconds(1), every: .seconds(1)) { _ in store.removeExpired() }
        try output.write("listening on \(listener.address)\n")
        try output.write("\(signals.wait()): ending, clients: \(server.connectionCount)\n")
        try output.write("\(server.shutDown(within: .seconds(grace)))\nstopped\n")
    }
}
