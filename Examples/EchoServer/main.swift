// SPDX-License-Identifier: MIT
// A daemon that sends back whatever it gets. On Ctrl-C or SIGTERM it takes no new clients, and ends when the last one has
// been served, at the latest after a minute. A second signal sends the rest away.
//
//     swift run EchoServer 7000

import Fibers

let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 7000
let output = try StandardStreams.output()
let signals = try Signals(.interrupt, .terminate, secondInterrupt: .isDelivered)
let listener = try TCPListener.listen(on: port)
let server = listener.serve { connection, _ in
    while case let bytes = try connection.read(), !bytes.isEmpty { try connection.write(bytes) }
}
try output.write("listening on \(listener.address)\n")

let signal = try signals.wait()
listener.close()
try output.write("\(signal): no new clients, \(server.connectionCount) left to serve\n")
Fiber.spawn(name: "second signal") {
    try output.write("\(signals.wait()): sending \(server.connectionCount) clients away\n")
    try server.shutDown(within: .zero)
}
try output.write("\(server.shutDown(within: .seconds(60)))\nstopped\n")
