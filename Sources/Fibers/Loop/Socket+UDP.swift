// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

extension Socket {
    /// A non-blocking UDP socket of this address.
    static func bindUDP(to address: SocketAddress, sharesPort: Bool, options: UDPOptions) throws(IOError) -> CInt {
        try makeUDP("bind", address, options) { fibers_udp_bind($0, &$1, sharesPort) }
    }

    /// A non-blocking UDP socket that only sends to and receives from `peer`.
    static func connectUDP(to peer: SocketAddress, options: UDPOptions) throws(IOError) -> CInt {
        try makeUDP("connect", peer, options) { fibers_udp_connect($0, &$1) }
    }

    private static func makeUDP(
        _ operation: String, _ address: SocketAddress, _ options: UDPOptions,
        prepare: (CInt, inout fibers_address) -> CInt
    ) throws(IOError) -> CInt {
        let descriptor = try check(fibers_udp_socket(address.isIPv6), operation, "\(address)")
        do throws(IOError) {
            try configure(descriptor, options, isIPv6: address.isIPv6, "\(address)")
            var system = address.system
            try check(prepare(descriptor, &system), operation, "\(address)")
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    static func configure(
        _ descriptor: CInt, _ options: UDPOptions, isIPv6: Bool, _ subject: @autoclosure () -> String
    ) throws(IOError) {
        var system = fibers_udp_options(
            is_ipv6: isIPv6,
            broadcasts: options.broadcasts,
            loops_multicast_back: options.loopsMulticastBack,
            time_to_live: CInt(options.timeToLive ?? -1),
            multicast_time_to_live: CInt(options.multicastTimeToLive ?? -1),
            multicast_interface: try interface(options.multicastInterface),
            send_buffer_size: CInt(options.sendBufferSize ?? 0),
            receive_buffer_size: CInt(options.receiveBufferSize ?? 0))
        try check(fibers_udp_configure(descriptor, &system), "set options", subject())
    }

    static func join(_ descriptor: CInt, _ group: SocketAddress, interface name: String?) throws(IOError) {
        try check(fibers_udp_join(descriptor, group.ip, interface(name)), "join", group.host)
    }

    static func leave(_ descriptor: CInt, _ group: SocketAddress, interface name: String?) throws(IOError) {
        try check(fibers_udp_leave(descriptor, group.ip, interface(name)), "leave", group.host)
    }

    /// The number of an interface; 0 lets the system choose.
    private static func interface(_ name: String?) throws(IOError) -> CUnsignedInt {
        guard let name else { return 0 }
        let number = fibers_interface(name)
        if number == 0 { throw IOError(operation: "find interface", subject: name, code: .noSuchAddressOrDevice) }
        return number
    }

    /// Sends one datagram, to the peer of a connected socket if there is no address. Bytes that left, or a negative code.
    static func sendDatagram(
        _ descriptor: CInt, _ bytes: UnsafeRawBufferPointer, to address: SocketAddress?, isIPv6: Bool
    ) -> Int {
        guard let address else { return fibers_udp_send(descriptor, bytes.baseAddress, bytes.count, nil) }
        // a socket of IPv6 takes no other form
        var system = isIPv6 ? fibers_ip_address_ipv6(address.ip) : address.system
        return fibers_udp_send(descriptor, bytes.baseAddress, bytes.count, &system)
    }

    /// Receives one datagram. Parks the calling fiber until there is one.
    ///
    /// - Returns: Nothing else counts if `result` is a negative code.
    static func receiveDatagram(
        on poll: DescriptorPoll, into buffer: UnsafeMutableRawBufferPointer
    ) throws -> (result: CInt, count: Int, sender: SocketAddress, isTruncated: Bool) {
        var datagram = fibers_datagram()
        datagram.bytes = buffer.baseAddress
        datagram.capacity = buffer.count
        let result = try poll.retry(.reading) { fibers_udp_receive($0, &datagram, 1) }
        return (result, datagram.count, SocketAddress(datagram.sender), datagram.is_truncated)
    }
}
