// SPDX-License-Identifier: MIT

extension UDPSocket {
    /// Receives what is sent to a multicast group from now on, besides what is sent to this socket. Never parks.
    ///
    /// - Parameters:
    ///   - group: A numeric multicast address, such as `239.1.2.3` or `ff02::fb`.
    ///   - interface: From where, such as `eth0`; `nil` lets the system choose one. Each must be joined by itself.
    /// - Throws: ``ArgumentError`` if the group is not a numeric address; ``ClosedError`` if the socket is closed; ``IOError``
    ///   that names the group or the interface: `EINVAL` if it is no multicast address, `EADDRINUSE` if it was joined
    ///   before, `ENODEV` if the system has no interface for it, `ENXIO` if there is none of that name.
    public func join(_ group: String, interface: String? = nil) throws {
        try Socket.join(openDescriptor(), address(of: group), interface: interface)
    }

    /// Receives no longer what is sent to a multicast group. Never parks.
    ///
    /// - Parameters:
    ///   - group: As it was joined.
    ///   - interface: As it was joined.
    /// - Throws: What ``join(_:interface:)`` throws; ``IOError`` with `EADDRNOTAVAIL` if it was not joined.
    public func leave(_ group: String, interface: String? = nil) throws {
        try Socket.leave(openDescriptor(), address(of: group), interface: interface)
    }

    /// Changes how the kernel treats this socket. All options are set, but for those that are `nil`. Never parks.
    ///
    /// - Parameter options: What holds from now on.
    /// - Throws: ``ClosedError`` if the socket is closed; ``ArgumentError`` if a number of the options is impossible;
    ///   ``IOError`` if the system refuses, or if there is no such interface.
    public func setOptions(_ options: UDPOptions) throws {
        try options.validate()
        try Socket.configure(openDescriptor(), options, isIPv6: address.isIPv6, "\(address)")
    }

    private func openDescriptor() throws -> CInt {
        guard !isClosed else { throw closedError }
        return poll.descriptor
    }

    private func address(of group: String) throws -> SocketAddress {
        guard let address = SocketAddress(numericHost: group, port: 0) else {
            throw ArgumentError("multicast group \(group.debugDescription) is not a numeric address")
        }
        return address
    }
}
