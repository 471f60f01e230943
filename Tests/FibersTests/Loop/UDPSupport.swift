// SPDX-License-Identifier: MIT
import CFibers

@testable import Fibers

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

#if canImport(Darwin)
    private let datagram = SOCK_DGRAM
#else
    private let datagram = CInt(SOCK_DGRAM.rawValue)
#endif

extension DescriptorPoll {
    var localPort: UInt16 { UInt16((try? Socket.localAddress(of: descriptor).port) ?? 0) }
}

/// A non-blocking UDP socket of the loopback, connected to `peer` and bound to `port`.
func connectedUDPSocket(_ peer: UInt16, from port: UInt16 = 0) throws -> CInt {
    let descriptor = try check(socket(AF_INET, datagram, 0), "socket")
    try check(fcntl(descriptor, F_SETFL, O_NONBLOCK), "fcntl")
    try check(withLoopback(port) { bind(descriptor, $0, $1) }, "bind")
    try check(withLoopback(peer) { connect(descriptor, $0, $1) }, "connect")
    return descriptor
}

/// A UDP port of the loopback that nobody uses.
func unusedUDPPort() throws -> UInt16 {
    let descriptor = try check(socket(AF_INET, datagram, 0), "socket")
    defer { close(descriptor) }
    try check(withLoopback(0) { bind(descriptor, $0, $1) }, "bind")
    return UInt16(try Socket.localAddress(of: descriptor).port)
}

private func withLoopback(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let size = MemoryLayout<sockaddr_in>.size
    return withUnsafePointer(to: address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(size)) }
    }
}
