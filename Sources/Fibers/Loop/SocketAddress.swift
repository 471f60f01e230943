// SPDX-License-Identifier: MIT
import CFibers

/// A numeric IPv4 or IPv6 address with a port. An IPv4 address in the form of IPv6, such as `::ffff:10.0.0.1`, is the
/// IPv4 address itself.
public struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64
    private let scope: UInt32
    private let portNumber: UInt16

    /// Reads a numeric host; `nil` if it is a name, or if the port is none.
    public init?(numericHost host: String, port: Int) {
        var ip = fibers_ip()
        guard let port = UInt16(exactly: port), !host.utf8.contains(0), fibers_ip_parse(host, port, &ip)
        else { return nil }
        self.init(ip)
    }

    init(_ ip: fibers_ip) {
        high = ip.high
        low = ip.low
        scope = ip.scope
        portNumber = ip.port
    }

    init(_ address: fibers_address) {
        var address = address
        self.init(fibers_ip_of(&address))
    }

    /// The port, from 0 to 65535, as connecting takes it.
    public var port: Int { Int(portNumber) }

    /// Whether it is of IPv6, rather than of IPv4.
    public var isIPv6: Bool { !fibers_ip_is_ipv4(ip) }

    /// The numeric host, such as `127.0.0.1` or `::1`.
    public var host: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            fibers_ip_host(ip, start, buffer.count)
            return String(cString: start)
        }
    }

    func withPort(_ port: UInt16) -> SocketAddress {
        var ip = ip
        ip.port = port
        return SocketAddress(ip)
    }

    var ip: fibers_ip { fibers_ip(high: high, low: low, scope: scope, port: portNumber) }

    /// The form that system calls take.
    var system: fibers_address { fibers_ip_address(ip) }

    /// `127.0.0.1:80` or `[::1]:80`.
    public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
