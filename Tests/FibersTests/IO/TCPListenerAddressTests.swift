// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import SystemPackage
import Testing

@Suite struct TCPListenerAddressTests {
    @Test func `SK1: port 0 gives a port of the system's choice`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            #expect(listener.address.port != 0)
            #expect(listener.address.host == "127.0.0.1")
            #expect(listener.description == "TCPListener(127.0.0.1:\(listener.port))")
        }
    }

    @Test func `SK1: a port in use is named`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            let error = #expect(throws: IOError.self) { try TCPListener.listen(on: listener.port) }
            #expect(error?.code == .addressInUse)
            #expect(error?.subject == "127.0.0.1:\(listener.port)")
        }
    }

    @Test func `a port is free again as soon as its listener is closed`() throws {
        try inFiber {
            let first = try TCPListener.listen(on: 0)
            let client = try TCPConnection.connect(to: "127.0.0.1", port: first.port)
            let server = try first.accept()
            first.close()
            server.close()
            client.close()
            try #expect(TCPListener.listen(on: first.port).port == first.port)
        }
    }

    @Test func `an address that is not of this machine is named`() throws {
        try inFiber {
            let error = #expect(throws: IOError.self) { try TCPListener.listen(on: 0, host: "192.0.2.1") }
            #expect(error?.code == .addressNotAvailable)
            #expect(error?.subject == "192.0.2.1:0")
        }
    }

    @Test func `SK1: the first free port from a hint upwards is taken`() throws {
        try inFiber {
            let first = try TCPListener.listen(on: 0)
            let next = try TCPListener.listen(onFirstFreeFrom: first.port)
            #expect(next.port > first.port)
            try #expect(TCPListener.listen(onFirstFreeFrom: 0).port != 0)
            #expect(throws: ArgumentError.self) { try TCPListener.listen(onFirstFreeFrom: 65_536) }
        }
    }

    @Test func `where no port is free up to the last one, that one is named`() throws {
        try inFiber {
            let last = try? TCPListener.listen(on: 65_535)
            let error = #expect(throws: IOError.self) { try TCPListener.listen(onFirstFreeFrom: 65_535) }
            #expect(error?.code == .addressInUse)
            #expect(error?.subject == "127.0.0.1:65535")
            last?.close()
        }
    }

    #if os(Linux)
        @Test func `SK1: a port that the user may not have is named`() async {
            await #expect(processExitsWith: .success) {
                // Port 1 is forbidden to everybody but root, unless the system has no forbidden ports at all.
                let file = "/proc/sys/net/ipv4/ip_unprivileged_port_start"
                guard let limit = try? String(contentsOfFile: file, encoding: .utf8), limit != "0\n" else { return }
                let user = geteuid()
                seteuid(65_534)
                let error = failure { try inFiber { try TCPListener.listen(on: 1) } } as? IOError
                seteuid(user)
                #expect(error?.code == .permissionDenied)
                #expect(error?.subject == "127.0.0.1:1")
            }
        }
    #endif

    @Test(.enabled(if: hasIPv6, "this machine has no ::1"))
    func `a listener on :: takes connections of IPv4 and of IPv6, each with its own form of address`() throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0, host: "::")
            for host in ["127.0.0.1", "::1"] {
                let client = try TCPConnection.connect(to: host, port: listener.port)
                let server = try listener.accept()
                #expect(server.peer == client.local)
                #expect(server.local == client.peer)
                #expect(server.peer.host == host)
            }
        }
    }
}
