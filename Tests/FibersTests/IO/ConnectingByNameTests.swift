// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

@testable import Fibers

#if os(Linux)
    /// `HappyEyeballs` with sockets. Other systems have one IPv4 address of the loopback only.
    @Suite struct ConnectingByNameTests {
        /// Finds these addresses, whatever the name.
        private func resolver(_ hosts: String...) -> Resolver {
            let addresses = hosts.compactMap { SocketAddress(numericHost: $0, port: 0) }
            return Resolver(limit: 1) { _ in addresses }
        }

        @Test func `connecting goes on to the next address when one refuses`() throws {
            try inFiber {
                let listener = try TCPListener.listen(on: 0, host: "127.0.0.2")
                let client = try TCPConnection.connect(
                    to: "name", port: listener.port, resolver: resolver("127.0.0.1", "127.0.0.2"))
                #expect(client.peer == listener.address)
            }
        }

        @Test func `when all addresses refuse, the last one is named`() throws {
            try inFiber {
                let port = try unusedPort()
                let error = #expect(throws: IOError.self) {
                    try TCPConnection.connect(to: "name", port: port, resolver: resolver("127.0.0.1", "127.0.0.2"))
                }
                #expect(error?.code == .connectionRefused)
                #expect(error?.subject == "127.0.0.2:\(port)")
            }
        }

        /// A listener whose backlog is full, so that it keeps silent, and whoever filled it.
        private func silentListener() throws -> (TCPListener, TCPConnection) {
            let listener = try TCPListener.listen(on: 0, backlog: 0)
            return (listener, try TCPConnection.connect(to: "127.0.0.1", port: listener.port))
        }

        @Test func `SK4: a connect to an address that keeps silent parks, and can be cancelled`() throws {
            try inFiber {
                let (silent, filler) = try silentListener()
                let connector = Fiber.spawn { try TCPConnection.connect(to: "127.0.0.1", port: silent.port) }
                try drain(rounds: 100)
                #expect(connector.state == .waiting)
                connector.cancel()
                #expect(failure(of: connector) is CancellationError)
                filler.close()
            }
        }

        @Test func `an address that keeps silent costs the delay, and its socket is closed`() async {
            await #expect(processExitsWith: .success) {
                try inFiber {
                    let (silent, filler) = try ConnectingByNameTests().silentListener()
                    let answering = try TCPListener.listen(on: silent.port, host: "127.0.0.2")
                    let resolver = ConnectingByNameTests().resolver("127.0.0.1", "127.0.0.2")
                    let before = openStreamCount()
                    let begin = LoopClock.now
                    let client = try TCPConnection.connect(to: "name", port: silent.port, resolver: resolver)
                    #expect(begin.duration(to: LoopClock.now) >= .milliseconds(250))
                    #expect(client.peer == answering.address)
                    #expect(openStreamCount() == before + 1)
                    filler.close()
                }
            }
        }
    }
#endif
