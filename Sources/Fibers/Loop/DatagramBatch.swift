// SPDX-License-Identifier: MIT
import CFibers

/// Room for several datagrams, filled by ``UDPSocket/receive(into:)-(DatagramBatch)`` in one system call, again and again
/// without allocating.
///
/// ```swift
/// let batch = DatagramBatch()
/// while true {
///     try socket.receive(into: batch)
///     for datagram in batch { count(datagram.bytes, from: datagram.sender) }
/// }
/// ```
public final class DatagramBatch: RandomAccessCollection {
    /// One datagram of a batch.
    public struct Element {
        /// Its bytes. They lie in the batch: valid until that is filled again or goes away.
        public let bytes: UnsafeRawBufferPointer
        /// Who sent it.
        public let sender: SocketAddress
        /// Whether it was longer than there was room, so that its end is lost.
        public let isTruncated: Bool
    }

    /// How many datagrams there is room for.
    public let capacity: Int
    private let slots: UnsafeMutablePointer<fibers_datagram>
    private let memory: UnsafeMutableRawBufferPointer
    /// How many datagrams have come the last time.
    public internal(set) var count = 0

    /// - Parameters:
    ///   - capacity: How many datagrams one call receives at most, 1 to 64. Where the system has no call for several
    ///     (Linux has), there is a call for each.
    ///   - datagramSize: For how many bytes of each there is room. What comes over an Ethernet whole has at most 1472.
    /// - Precondition: `capacity` is in 1...64, and `datagramSize` is positive.
    public init(capacity: Int = 32, datagramSize: Int = 2048) {
        let limit = Int(fibers_datagrams_max)
        require((1...limit).contains(capacity), "a batch holds 1 to \(limit) datagrams, not \(capacity)")
        require(datagramSize > 0, "a batch needs room for at least one byte of each datagram, not \(datagramSize)")
        self.capacity = capacity
        memory = .allocate(byteCount: capacity * datagramSize, alignment: 16)
        slots = .allocate(capacity: capacity)
        for index in 0..<capacity {
            slots[index] = fibers_datagram()
            slots[index].bytes = memory.baseAddress.unsafelyUnwrapped + index * datagramSize
            slots[index].capacity = datagramSize
        }
    }

    deinit {
        slots.deallocate()
        memory.deallocate()
    }

    /// Parks the calling fiber until there is a datagram. How many have come, or a negative code.
    func receive(on poll: DescriptorPoll) throws -> CInt {
        count = 0
        return try poll.retry(.reading) { fibers_udp_receive($0, slots, CInt(capacity)) }
    }

    /// 0: the first datagram that came.
    public var startIndex: Int { 0 }

    /// As many as have come.
    public var endIndex: Int { count }

    /// One of the datagrams that came the last time, in the order in which they came.
    ///
    /// - Precondition: There is a datagram at `position`.
    public subscript(position: Int) -> Element {
        require((0..<count).contains(position), "a batch of \(count) datagrams has none at \(position)")
        let slot = slots[position]
        let bytes = UnsafeRawBufferPointer(start: slot.bytes, count: slot.count)
        return Element(bytes: bytes, sender: SocketAddress(slot.sender), isTruncated: slot.is_truncated)
    }
}
