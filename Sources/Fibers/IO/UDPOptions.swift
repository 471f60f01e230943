// SPDX-License-Identifier: MIT

/// How the kernel treats a UDP socket. Given when it is made, or to ``UDPSocket/setOptions(_:)``.
public struct UDPOptions: Sendable, Hashable {
    /// Whether it may send to broadcast addresses; without it, that gives `EACCES`.
    public var broadcasts = false
    /// Whether this machine's own members of a multicast group get what it sends to the group.
    public var loopsMulticastBack = true
    /// Through how many routers a datagram may go, 1 to 255; `nil` lets the system choose, mostly 64.
    public var timeToLive: Int?
    /// The same for multicast, 0 to 255: 0 stays on this machine, 1 on this link, which is what systems choose.
    public var multicastTimeToLive: Int?
    /// The interface by which multicast leaves, such as `eth0`; `nil` lets the system choose.
    public var multicastInterface: String?
    /// Bytes on their way that the kernel holds; `nil` lets it choose. It may round the number, and has limits, such as
    /// `net.core.wmem_max` of Linux.
    public var sendBufferSize: Int?
    /// The same for datagrams that nobody has received yet. Those for which there is no room are lost.
    public var receiveBufferSize: Int?

    /// Everything as the system has it.
    public init() {}

    /// - Throws: `ArgumentError` for a number that no system takes.
    func validate() throws(ArgumentError) {
        for size in [sendBufferSize, receiveBufferSize].compactMap({ $0 }) { try validateBufferSize(size) }
        if let timeToLive, !(1...255).contains(timeToLive) {
            throw ArgumentError("a datagram cannot live for \(timeToLive) hops: give 1 to 255")
        }
        if let multicastTimeToLive, !(0...255).contains(multicastTimeToLive) {
            throw ArgumentError("a multicast datagram cannot live for \(multicastTimeToLive) hops: give 0 to 255")
        }
    }
}

func validateBufferSize(_ size: Int) throws(ArgumentError) {
    guard (1...Int(CInt.max)).contains(size) else {
        throw ArgumentError("a buffer of \(size) bytes is impossible: give 1 or more")
    }
}
