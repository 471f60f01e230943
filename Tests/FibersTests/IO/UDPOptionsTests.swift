// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

@testable import Fibers

#if canImport(Darwin)
    import Darwin
    private let loopback = "lo0"
#else
    import Glibc
    private let loopback = "lo"
#endif

@Suite struct UDPOptionsTests {
    private var overLoopback: UDPOptions {
        var options = UDPOptions()
        options.multicastInterface = loopback
        return options
    }

    /// Two members of the group, and one socket that sends to it and is no member.
    private func withGroup(_ group: String, _ body: ([UDPSocket], UDPSocket, SocketAddress) throws -> Void) throws {
        try inFiber {
            let any = group.contains(":") ? "::" : "0.0.0.0"
            let first = try UDPSocket.bind(host: any, sharesPort: true)
            let members = [first, try UDPSocket.bind(to: first.address.port, host: any, sharesPort: true)]
            for member in members { try member.join(group, interface: loopback) }
            let sender = try UDPSocket.bind(host: any, options: overLoopback)
            let address = try #require(SocketAddress(numericHost: group, port: first.address.port))
            try body(members, sender, address)
        }
    }

    @Test(arguments: ["239.7.7.7", "ff02::7777"])
    func `SK8: what is sent to a group reaches every member`(group: String) throws {
        guard hasIPv6 || !group.contains(":") else { return }
        try withGroup(group) { members, sender, address in
            do { try sender.send("to all", to: address) } catch let error as IOError {
                // The loopback of Linux has no route for multicast of IPv6.
                #expect(error.code == .networkUnreachable && address.isIPv6)
                return
            }
            for member in members { try #expect(member.receive().bytes == Array("to all".utf8)) }
        }
    }

    @Test func `SK8: who has left a group gets nothing more of it`() throws {
        try withGroup("239.7.7.8") { members, sender, address in
            try members[0].leave("239.7.7.8", interface: loopback)
            try sender.send("to the other", to: address)
            _ = try members[1].receive()
            let late = Fiber.spawn { try members[0].receive() }
            try drain()
            #expect(!late.isDone)
            late.cancel()
        }
    }

    @Test func `joining twice, leaving what was not joined and joining no group are refused`() throws {
        try withGroup("239.7.7.9") { members, _, _ in
            let member = members[0]
            func code(_ body: () throws -> Void) -> Errno? { (failure(of: body) as? IOError)?.code }
            #expect(code { try member.join("239.7.7.9", interface: loopback) } == .addressInUse)
            #expect(code { try member.leave("239.7.7.10", interface: loopback) } == .addressNotAvailable)
            #expect(code { try member.join("127.0.0.1", interface: loopback) } == .invalidArgument)
            #expect(code { try member.join("239.7.7.9", interface: "nowhere") } == .noSuchAddressOrDevice)
            #expect(throws: ArgumentError.self) { try member.join("all-hosts") }
            member.close()
            #expect(throws: ClosedError.self) { try member.join("239.7.7.9") }
        }
    }

    @Test func `options reach the kernel when the socket is made and later`() throws {
        try inFiber {
            var options = overLoopback
            options.broadcasts = true
            options.loopsMulticastBack = false
            options.timeToLive = 9
            options.multicastTimeToLive = 3
            options.receiveBufferSize = 50_000
            let socket = try UDPSocket.bind(options: options)
            #expect(socket.value(of: SO_BROADCAST, SOL_SOCKET) != 0)
            #expect(socket.value(of: IP_MULTICAST_LOOP) == 0)
            #expect(socket.value(of: IP_TTL) == 9)
            #expect(socket.value(of: IP_MULTICAST_TTL) == 3)
            #expect((50_000...200_000).contains(socket.value(of: SO_RCVBUF, SOL_SOCKET)))
            try socket.setOptions(UDPOptions())
            #expect(socket.value(of: SO_BROADCAST, SOL_SOCKET) == 0)
            #expect(socket.value(of: IP_MULTICAST_LOOP) == 1)
        }
    }

    #if os(Linux)
        @Test func `a broadcast needs its option`() throws {
            try inFiber {
                let receiver = try UDPSocket.bind(host: "0.0.0.0")
                let socket = try UDPSocket.bind()
                let everybody = try #require(
                    SocketAddress(numericHost: "127.255.255.255", port: receiver.address.port))
                let error = #expect(throws: IOError.self) { try socket.send("x", to: everybody) }
                #expect(error?.code == .permissionDenied)
                var options = UDPOptions()
                options.broadcasts = true
                try socket.setOptions(options)
                try socket.send("x", to: everybody)
                try #expect(receiver.receive() == Datagram("x", from: socket.address))
            }
        }
    #endif

    @Test(arguments: [(0, 1), (256, 1), (1, -1), (1, 256)])
    func `an impossible number of hops is refused`(timeToLive: Int, multicastTimeToLive: Int) throws {
        var options = UDPOptions()
        options.timeToLive = timeToLive
        options.multicastTimeToLive = multicastTimeToLive
        try inFiber {
            #expect(throws: ArgumentError.self) { try UDPSocket.bind(options: options) }
            #expect(throws: ArgumentError.self) { try UDPSocket.connect(to: "127.0.0.1", port: 1, options: options) }
        }
    }

    @Test func `a socket that cannot be made leaks nothing`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let taken = try UDPSocket.bind()
                var options = UDPOptions()
                options.multicastInterface = "nowhere"
                let before = openStreamCount()
                for _ in 0..<20 {
                    #expect(throws: IOError.self) { try UDPSocket.bind(to: taken.address.port) }
                    #expect(throws: IOError.self) { try UDPSocket.bind(options: options) }
                }
                #expect(openStreamCount() == before)
            }
        }
    }
}

extension UDPSocket {
    /// The number that the kernel has for an option.
    fileprivate func value(of option: CInt, _ level: CInt = CInt(IPPROTO_IP)) -> Int {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout.size(ofValue: value))
        let result = getsockopt(poll.descriptor, level, option, &value, &length)
        #expect(result == 0)
        return Int(value)
    }
}
