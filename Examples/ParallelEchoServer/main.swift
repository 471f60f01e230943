// SPDX-License-Identifier: MIT
// The echo server on all cores: each worker has a listener of its own on the same port, and the system spreads the clients
// over them. On Ctrl-C or SIGTERM it takes no new clients, ends when the last one has been served, and says how many each
// worker had. A second signal sends the rest away.
//
//     FIBERS_THREADS=4 swift run ParallelEchoServer 7000

import Fibers
import SystemPackage

/// Unlike `print`, not held back in a buffer when the output is a file.
func say(_ line: String) throws {
    try FileDescriptor.standardOutput.writeAll("\(line)\n".utf8)
}

@Sendable func serve(_ connection: TCPConnection) throws {
    defer { connection.close() }
    while case let bytes = try connection.read(), !bytes.isEmpty {
        try connection.write(bytes)
    }
}

let port = Lockable(CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 7000)
let listeners = Channel<SocketAddress>(capacity: .unbounded)
let isStopping = Event(name: "stopping")

let servers = try Threads.spawnOnEachWorker(name: "server") { [port, listeners, isStopping] _ in
    // Of port 0 the first listener makes a real one, for the others to share.
    let listener = try port.withLock { port in
        let listener = try TCPListener.listen(on: port, sharesPort: true)
        port = listener.address.port
        return listener
    }
    Fiber.spawn(name: "stopper") {
        try isStopping.wait()
        listener.close()
    }
    try listeners.put(listener.address)
    try withFiberGroup { clients in
        for connection in listener {
            clients.spawn(name: "client \(connection.peer)") { try serve(connection) }
        }
    }
    return listener.acceptedCount
}

let signals = try Signals(.interrupt, .terminate, secondInterrupt: .isDelivered)
for _ in servers { try say("listening on \(listeners.take())") }
try say("\(signals.wait()): no new clients")
isStopping.notify()
Fiber.spawn(name: "second signal") {
    try say("\(signals.wait()): sending all clients away")
    for server in servers { server.cancel() }
}
for (number, server) in zip(1..., servers) {
    try say((try? server.fetch()).map { "worker \(number) had \($0) clients" } ?? "worker \(number) was stopped")
}
try say("stopped")
