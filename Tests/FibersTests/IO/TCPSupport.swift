// SPDX-License-Identifier: MIT
import SystemPackage

@testable import Fibers

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

let hasIPv6 = (try? inFiber { try TCPListener.listen(on: 0, host: "::1").close() }) != nil

extension TCPListener {
    var port: Int { address.port }
}

/// Runs a test body with the two ends of a connection, both of which stay alive until it has ended.
func withPair(_ body: (TCPConnection, TCPConnection) throws -> Void) throws {
    try inFiber {
        let (client, server) = try connectedPair()
        defer { withExtendedLifetime((client, server)) {} }
        try body(client, server)
    }
}

/// As `withPair`, and the client's writes fill up long before 8 MiB.
func withNarrowPair(_ body: (TCPConnection, TCPConnection) throws -> Void) throws {
    try withPair { client, server in
        client.set(SO_SNDBUF, to: CInt(1 << 20))
        try body(client, server)
    }
}

/// Serves every connection of the listener by sending back what comes.
func spawnEcho(on listener: TCPListener) {
    Fiber.spawn {
        for connection in listener {
            Fiber.spawn {
                while case let bytes = try connection.read(), !bytes.isEmpty { try connection.write(bytes) }
                try connection.closeWrite()
            }
        }
    }
}

/// A port of the loopback on which nobody listens.
func unusedPort() throws -> Int {
    let listener = try TCPListener.listen(on: 0)
    defer { listener.close() }
    return listener.port
}

extension TCPConnection {
    func read(exactly count: Int) throws -> [UInt8] {
        var all: [UInt8] = []
        while all.count < count {
            let bytes = try read(upTo: min(count - all.count, 65_536))
            guard !bytes.isEmpty else { break }
            all += bytes
        }
        return all
    }

    func set<Value>(_ option: CInt, to value: Value) {
        _ = withUnsafeBytes(of: value) {
            setsockopt(poll.descriptor, SOL_SOCKET, option, $0.baseAddress, socklen_t($0.count))
        }
    }

    /// Writes until the system refuses. A process that SIGPIPE could kill would not return.
    func writeUntilError() -> any Error {
        while true {
            do {
                try write([UInt8](repeating: 7, count: 100_000))
                try Fiber.yield()
            } catch { return error }
        }
    }

    /// Closes without the polite goodbye: the peer gets ECONNRESET.
    func reset() {
        set(SO_LINGER, to: linger(l_onoff: 1, l_linger: 0))
        close()
    }
}
