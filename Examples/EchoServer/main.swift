// SPDX-License-Identifier: MIT
// A daemon that sends back whatever it gets, and stops cleanly on Ctrl-C or SIGTERM: it stops accepting, tells the
// clients, and ends when the last of them is served.
//
//     swift run EchoServer 7000

import Fibers

func serve(_ connection: TCPConnection) throws {
    defer { connection.close() }
    while case let bytes = try connection.read(), !bytes.isEmpty {
        try connection.write(bytes)
    }
}

let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 7000
let listener = try TCPListener.listen(on: port)
print("listening on \(listener.address)")

let clients = Condition<Void>(name: "client left")
var serving = 0

let acceptor = Fiber.spawn(name: "acceptor") {
    for connection in listener {
        serving += 1
        Fiber.spawn(name: "client \(connection.peer)") {
            defer {
                serving -= 1
                clients.notify()
            }
            try serve(connection)
        }
    }
}

let signal = try Signals(.interrupt, .terminate).wait()
print("\(signal): no new clients; waiting for \(serving) to leave")
listener.close()
while serving > 0 { try clients.wait() }
print("stopped")
