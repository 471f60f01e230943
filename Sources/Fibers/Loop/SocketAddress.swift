// SPDX-License-Identifier: MIT
import CFibers

/// A numeric IPv4 or IPv6 address with a port. An IPv4 address in the form of IPv6, such as `::ffff:10.0.0.1`, is the
/// IPv4 address itself.
public struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
    /// The numeric host, such as `127.0.0.1` or `::1`.
    public let host: String
    /// The port, from 0 to 65535, as connecting takes it.
    public var port: Int { Int(portNumber) }
    private let portNumber: UInt16

    /// Reads a numeric host; `nil` if it is a name, or if the port is none.
    public init?(numericHost host: String, port: Int) {
        var address = fibers_address()
        guard let port = UInt16(exactly: port), !host.utf8.contains(0), fibers_address_parse(host, port, &address)
        else { return nil }
        self.init(address)
    }

    init(_ address: fibers_address) {
        var address = address
        fibers_address_unmap(&address)
        host = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            withUnsafePointer(to: address) { fibers_address_host($0, start, buffer.count) }
            return String(cString: start)
        }
        portNumber = withUnsafePointer(to: address) { fibers_address_port($0) }
    }

    init(copying info: UnsafePointer<addrinfo>, port: UInt16) {
        var address = fibers_address()
        fibers_address_copy(info, port, &address)
        self.init(address)
    }

    private init(host: String, port: UInt16) {
        self.host = host
        portNumber = port
    }

    func withPort(_ port: UInt16) -> SocketAddress { SocketAddress(host: host, port: port) }

    /// The form that system calls take.
    var system: fibers_address {
        var address = fibers_address()
        let isNumeric = fibers_address_parse(host, portNumber, &address)
        require(isNumeric, "BUG: a socket address is not numeric: \(self)")
        return address
    }

    /// `127.0.0.1:80` or `[::1]:80`.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
