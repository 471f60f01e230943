// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct TCPConnectionFailureTests {
    @Test func `SK4: a refused connection names the address and the cause`() throws {
        try inFiber {
            let port = try unusedPort()
            let error = #expect(throws: IOError.self) { try TCPConnection.connect(to: "127.0.0.1", port: port) }
            #expect(error?.code == .connectionRefused)
            #expect(error?.operation == "connect")
            #expect(error?.subject == "127.0.0.1:\(port)")
            #expect(error?.name == "ECONNREFUSED")
        }
    }

    @Test func `a host that nobody knows is named`() throws {
        try inFiber {
            let error = #expect(throws: IOError.self) { try TCPConnection.connect(to: "no.such.invalid", port: 80) }
            #expect(error?.operation == "resolve")
            #expect(error?.subject == "no.such.invalid")
        }
    }

    @Test(arguments: [70_000, -1, 65_536]) func `SK4: an impossible port is refused`(port: Int) throws {
        try inFiber {
            #expect(throws: ArgumentError.self) { try TCPConnection.connect(to: "127.0.0.1", port: port) }
            #expect(throws: ArgumentError.self) { try TCPListener.listen(on: port) }
        }
    }

    @Test func `a host name that holds a NUL is refused`() throws {
        _ = try inFiber {
            #expect(throws: ArgumentError.self) { try TCPConnection.connect(to: "127.0.0.1\0.evil", port: 80) }
        }
    }

    @Test func `writing to a peer that is gone throws and kills nobody`() throws {
        try withPair { client, server in
            server.close()
            #expect([.brokenPipe, .connectionReset].contains(code(of: client.writeUntilError())))
            #expect([.brokenPipe, .connectionReset].contains(code(of: client.writeUntilError())))
        }
    }
}
