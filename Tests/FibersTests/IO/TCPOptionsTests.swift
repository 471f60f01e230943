// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

@testable import Fibers

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct TCPOptionsTests {
    /// The client's end of a connection made with these options, and the accepted end of one listened for with them.
    private func withBothEnds(_ options: TCPOptions, _ body: (TCPConnection) throws -> Void) throws {
        try inFiber {
            let listener = try TCPListener.listen(on: 0, options: options)
            let client = try TCPConnection.connect(to: "127.0.0.1", port: listener.port, options: options)
            try body(client)
            try body(listener.accept())
        }
    }

    @Test func `by default small writes leave at once, and nothing else is changed`() throws {
        try withBothEnds(TCPOptions()) { connection in
            #expect(connection.value(of: TCP_NODELAY, CInt(IPPROTO_TCP)) != 0)
            #expect(connection.value(of: SO_KEEPALIVE) == 0)
            #expect(connection.value(of: SO_LINGER) == 0)
        }
    }

    @Test func `SK8: small writes can be held back`() throws {
        var options = TCPOptions()
        options.noDelay = false
        try withBothEnds(options) { #expect($0.value(of: TCP_NODELAY, CInt(IPPROTO_TCP)) == 0) }
    }

    @Test func `keep alive is on with its three numbers, seconds rounded up`() throws {
        var options = TCPOptions()
        options.keepAlive = .init(idle: .milliseconds(29_001), interval: .seconds(7), count: 4)
        try withBothEnds(options) { connection in
            #expect(connection.value(of: SO_KEEPALIVE) != 0)
            #if os(Linux)
                #expect(connection.value(of: TCP_KEEPIDLE, CInt(IPPROTO_TCP)) == 30)
            #endif
            #expect(connection.value(of: TCP_KEEPINTVL, CInt(IPPROTO_TCP)) == 7)
            #expect(connection.value(of: TCP_KEEPCNT, CInt(IPPROTO_TCP)) == 4)
        }
    }

    @Test func `buffers are at least as large as asked for`() throws {
        var options = TCPOptions()
        options.sendBufferSize = 100_000
        options.receiveBufferSize = 50_000
        try withBothEnds(options) { connection in
            #expect((100_000...400_000).contains(connection.value(of: SO_SNDBUF)))
            #expect((50_000...200_000).contains(connection.value(of: SO_RCVBUF)))
        }
    }

    @Test func `a connection that resets on close gives its peer ECONNRESET`() throws {
        var options = TCPOptions()
        options.resetsOnClose = true
        try inFiber {
            let listener = try TCPListener.listen(on: 0)
            let client = try TCPConnection.connect(to: "127.0.0.1", port: listener.port, options: options)
            let server = try listener.accept()
            client.close()
            let error = #expect(throws: IOError.self) { try server.read() }
            #expect(error?.code == .connectionReset)
        }
    }

    @Test func `options of a connection that stands can be turned on and off`() throws {
        try withPair { client, _ in
            var options = TCPOptions()
            options.keepAlive = .init()
            options.resetsOnClose = true
            try client.setOptions(options)
            #expect(client.value(of: SO_KEEPALIVE) != 0)
            #expect(client.value(of: SO_LINGER) != 0)
            try client.setOptions(TCPOptions())
            #expect(client.value(of: SO_KEEPALIVE) == 0)
            #expect(client.value(of: SO_LINGER) == 0)
        }
    }

    @Test func `a closed connection takes no options`() throws {
        try withPair { client, _ in
            client.close()
            #expect(throws: ClosedError.self) { try client.setOptions(TCPOptions()) }
        }
    }

    @Test(arguments: [
        TCPOptions(sending: 0), TCPOptions(sending: -1), TCPOptions(sending: .max),
        TCPOptions(.init(idle: .zero)), TCPOptions(.init(interval: .seconds(-1))),
        TCPOptions(.init(idle: .seconds(32_768))), TCPOptions(.init(count: 0)), TCPOptions(.init(count: 128)),
    ])
    func `an impossible number is refused before anything else happens`(options: TCPOptions) throws {
        try inFiber {
            #expect(throws: ArgumentError.self) { try TCPListener.listen(on: 0, options: options) }
            #expect(throws: ArgumentError.self) {
                try TCPConnection.connect(to: "127.0.0.1", port: 1, options: options)
            }
        }
    }
}

extension TCPOptions {
    fileprivate init(_ keepAlive: KeepAlive? = nil, sending size: Int? = nil) {
        self.init()
        self.keepAlive = keepAlive
        sendBufferSize = size
    }
}

extension TCPConnection {
    /// The number that the kernel has for an option; the first one of several.
    fileprivate func value(of option: CInt, _ level: CInt = SOL_SOCKET) -> Int {
        var values = (CInt(0), CInt(0))
        var length = socklen_t(MemoryLayout.size(ofValue: values))
        let result = getsockopt(poll.descriptor, level, option, &values, &length)
        #expect(result == 0)
        return Int(values.0)
    }
}
