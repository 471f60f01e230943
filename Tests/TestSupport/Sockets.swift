// SPDX-License-Identifier: MIT
package import Fibers

/// Two ends of one connection over the loopback.
package func connectedPair() throws -> (client: TCPConnection, server: TCPConnection) {
    let listener = try TCPListener.listen(on: 0)
    defer { listener.close() }
    let client = try TCPConnection.connect(to: "127.0.0.1", port: listener.address.port)
    return (client, try listener.accept())
}
