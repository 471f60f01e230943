// SPDX-License-Identifier: MIT
// A daemon that sends back whatever it gets. On Ctrl-C or SIGTERM it stops cleanly: it takes no new clients and ends when
// the last one has been served. A second signal sends the rest away.
//
//     swift run EchoServer 7000

import Fibers
import SystemPackage

/// Unlike `print`, not held back in a buffer when the output is a file.
func say(_ line: String) throws {
    try FileDescriptor.standardOutput.writeAll("\(line)\n".utf8)
}

func serve(_ connection: TCPConnection) throws {
    defer { connection.close() }
    while case let bytes = try connection.read(), !bytes.isEmpty {
        try connection.write(bytes)
    }
}

let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 7000
let listener = try TCPListener.listen(on: port)
let signals = try Signals(.interrupt, .terminate, secondInterrupt: .isDelivered)
try say("listening on \(listener.address)")

let clientLeft = Condition<Void>(name: "client left")
var clients: [ObjectIdentifier: AnyFiber] = [:]

Fiber.spawn(name: "acceptor") {
    for connection in listener {
        let client = Fiber.spawn(name: "client \(connection.peer)") {
            defer {
                clients[ObjectIdentifier(Fiber.current)] = nil
                clientLeft.notify()
            }
            try serve(connection)
        }
        clients[ObjectIdentifier(client)] = client
    }
}

try say("\(signals.wait()): no new clients, \(clients.count) left to serve")
listener.close()
Fiber.spawn(name: "second signal") {
    try say("\(signals.wait()): sending \(clients.count) clients away")
    for client in clients.values { client.cancel() }
}
while !clients.isEmpty { try clientLeft.wait() }
try say("stopped")
