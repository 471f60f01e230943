// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct SocketAddressTests {
    @Test(arguments: ["127.0.0.1", "0.0.0.0", "::1", "::", "2001:db8::17"])
    func `a numeric host keeps its form`(host: String) throws {
        let address = try #require(SocketAddress(numericHost: host, port: 8080))
        #expect(address.host == host)
        #expect(address.port == 8080)
    }

    @Test(arguments: ["localhost", "", "1.2.3.4.5", "::1::", "127.0.0.1\0"])
    func `a host that is not numeric has no address`(host: String) {
        #expect(SocketAddress(numericHost: host, port: 80) == nil)
    }

    @Test func `addresses are equal when they mean the same`() {
        let address = SocketAddress(numericHost: "::1", port: 1)
        #expect(address == SocketAddress(numericHost: "0:0:0:0:0:0:0:1", port: 1))
        #expect(address != SocketAddress(numericHost: "::1", port: 2))
    }

    @Test func `an IPv4 address in the form of IPv6 is the IPv4 address`() {
        let address = SocketAddress(numericHost: "::ffff:10.0.0.1", port: 80)
        #expect(address == SocketAddress(numericHost: "10.0.0.1", port: 80))
        #expect(address?.description == "10.0.0.1:80")
    }

    @Test func `an IPv6 host is put in brackets before the port`() {
        #expect(SocketAddress(numericHost: "::1", port: 80)?.description == "[::1]:80")
        #expect(SocketAddress(numericHost: "10.0.0.1", port: 80)?.description == "10.0.0.1:80")
    }
}
