// SPDX-License-Identifier: MIT

extension UDPSocket {
    /// Sends one datagram.
    ///
    /// Parks the calling fiber while the kernel's buffer is full. That the datagram has left does not mean that it
    /// arrives.
    ///
    /// - Parameters:
    ///   - bytes: What to send; may be empty.
    ///   - address: To whom; `nil` if the socket is connected.
    /// - Throws: ``ClosedError`` if this side closed the socket, before or meanwhile; ``IOError`` that names the address:
    ///   `EMSGSIZE` if the datagram is too large, which it is beyond 65,507 bytes, `EDESTADDRREQ` if no address is given
    ///   and the socket is not connected, `ENETUNREACH` if no way leads there, `EACCES` if it is a broadcast address and
    ///   the socket may not, `EAFNOSUPPORT` if it is of IPv6 and the socket is not, `ECONNREFUSED` if the socket is connected
    ///   and an earlier datagram could not be delivered; `CancellationError` if the fiber is cancelled. Then nothing
    ///   was sent.
    @available(*, noasync)
    public func send(_ bytes: [UInt8], to address: SocketAddress? = nil) throws {
        try bytes.withUnsafeBytes { try send($0, to: address) }
    }

    /// Sends the text in UTF-8; see ``send(_:to:)-([UInt8],_)``.
    @available(*, noasync)
    public func send(_ text: String, to address: SocketAddress? = nil) throws {
        try send(Array(text.utf8), to: address)
    }

    /// As ``send(_:to:)-([UInt8],_)``, straight from the caller's memory, which must stay valid until this returns.
    @available(*, noasync)
    public func send(_ bytes: UnsafeRawBufferPointer, to address: SocketAddress? = nil) throws {
        let isIPv6 = self.address.isIPv6
        let result = try poll.retry(.writing) { Socket.sendDatagram($0, bytes, to: address, isIPv6: isIPv6) }
        try check(result, "send to", "\(address ?? peer ?? self.address)")
    }
}
