// SPDX-License-Identifier: MIT
import CFibers

/// What the system's resolver knows. Each call blocks its thread.
enum HostNames {
    /// The addresses of a host, in the order in which they should be tried; their port is 0.
    @Sendable static func addresses(of host: String) throws(IOError) -> [SocketAddress] {
        var list: UnsafeMutablePointer<addrinfo>?
        try check(fibers_names_find(host, &list), "resolve", host)
        guard let first = list else { return [] }
        defer { fibers_names_free(first) }
        return sequence(first: first) { $0.pointee.ai_next }.map { SocketAddress(fibers_ip_of_entry($0)) }
    }

    /// The name of the host that has an address.
    static func name(of address: SocketAddress) throws(IOError) -> String {
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = name.withUnsafeMutableBufferPointer { fibers_names_of(address.ip, $0.baseAddress, $0.count) }
        try check(code, "resolve", address.host)
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
