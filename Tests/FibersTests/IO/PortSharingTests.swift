// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct PortSharingTests {
    private func accept(from listeners: [TCPListener]) {
        for listener in listeners { Fiber.spawn { for _ in listener {} } }
    }

    @Test func `the second of two that share a port listens on the port of the first`() throws {
        try inFiber {
            let first = try TCPListener.listen(on: 0, sharesPort: true)
            let second = try TCPListener.listen(on: first.port, sharesPort: true)
            #expect(first.port != 0)
            #expect(first.address == second.address)
        }
    }

    @Test func `each connection is counted by the one listener that accepted it`() throws {
        try inFiber {
            let first = try TCPListener.listen(on: 0, sharesPort: true)
            let listeners = [first, try TCPListener.listen(on: first.port, sharesPort: true)]
            accept(from: listeners)
            let clients = try (0..<64).map { _ in try TCPConnection.connect(to: "127.0.0.1", port: first.port) }
            while listeners.map(\.acceptedCount).reduce(0, +) < clients.count { try Fiber.yield() }
            #expect(listeners.map(\.acceptedCount).reduce(0, +) == clients.count)
            #if os(Linux)
                #expect(listeners.allSatisfy { $0.acceptedCount > 0 })
            #endif
        }
    }

    @Test func `when one of them closes, the others get all connections`() throws {
        try inFiber {
            let first = try TCPListener.listen(on: 0, sharesPort: true)
            let second = try TCPListener.listen(on: first.port, sharesPort: true)
            first.close()
            for count in 1...8 {
                _ = try TCPConnection.connect(to: "127.0.0.1", port: second.port)
                _ = try second.accept()
                #expect(second.acceptedCount == count)
            }
        }
    }

    @Test(arguments: [(true, false), (false, true)])
    func `a port is shared only if both say so`(first: Bool, second: Bool) throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0, sharesPort: first)
            let error = #expect(throws: IOError.self) { try TCPListener.listen(on: listener.port, sharesPort: second) }
            #expect(error?.code == .addressInUse)
            #expect(error?.subject == "\(listener.address)")
        }
    }

    @Test func `port 0 is never the port of others, even if they share it`() throws {
        try inFiber {
            let listeners = try (0..<100).map { _ in try TCPListener.listen(on: 0, sharesPort: true) }
            #expect(Set(listeners.map(\.port)).count == listeners.count)
        }
    }

    @Test func `the workers of a pool share a port`() throws {
        try inFiber {
            let first = try TCPListener.listen(on: 0, sharesPort: true)
            let port = first.port
            let worker = try Threads.spawn {
                let listener = try TCPListener.listen(on: port, sharesPort: true)
                try TCPConnection.connect(to: "127.0.0.1", port: port).close()
                return listener.address
            }
            try #expect(worker.fetch() == first.address)
        }
    }
}
