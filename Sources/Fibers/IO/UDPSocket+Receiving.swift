// SPDX-License-Identifier: MIT

/// A message that came from somewhere.
public struct Datagram: Sendable, Hashable {
    /// The message; may be empty.
    public let bytes: [UInt8]
    /// Who sent it.
    public let sender: SocketAddress
}

extension UDPSocket {
    /// The next datagram, whole.
    ///
    /// Parks the calling fiber until there is one. Several fibers get them in the order in which they called.
    ///
    /// - Throws: ``ClosedError`` if this side closed the socket, before or meanwhile; ``IOError`` such as `ECONNREFUSED` if
    ///   the socket is connected and something that it sent could not be delivered; `CancellationError` if the fiber is
    ///   cancelled. In no case is a datagram lost.
    @available(*, noasync)
    public func receive() throws -> Datagram {
        try takingTurns {
            let (count, sender, _) = try receiveOne(into: roomForAny())
            return Datagram(bytes: Array(UnsafeRawBufferPointer(rebasing: room[..<count])), sender: sender)
        }
    }

    /// As ``receive()``, straight into the caller's memory, which must stay valid until this returns.
    ///
    /// - Parameter buffer: As much of the datagram as it has room for is written at its start.
    /// - Returns: How many bytes were written, who sent them, and whether the datagram was longer: then its end is lost.
    @available(*, noasync)
    public func receive(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws -> (count: Int, sender: SocketAddress, isTruncated: Bool) {
        try takingTurns { try receiveOne(into: buffer) }
    }

    /// As ``receive()``, all datagrams that are there, as far as the batch has room, in one system call where the system
    /// has one for that.
    ///
    /// - Parameter batch: Whose datagrams are replaced by those that come. Not used by another fiber meanwhile.
    /// - Returns: How many there are, at least one.
    /// - Complexity: O(*n*) for a batch with room for *n* datagrams.
    @available(*, noasync)
    @discardableResult
    public func receive(into batch: DatagramBatch) throws -> Int {
        try takingTurns {
            let result = try batch.receive(on: poll)
            try check(result, "receive", "\(peer ?? address)")
            batch.count = Int(result)
            return batch.count
        }
    }

    private func receiveOne(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws -> (count: Int, sender: SocketAddress, isTruncated: Bool) {
        let (result, count, sender, isTruncated) = try Socket.receiveDatagram(on: poll, into: buffer)
        try check(result, "receive", "\(peer ?? address)")
        return (count, peer ?? sender, isTruncated)
    }

    private func roomForAny() -> UnsafeMutableRawBufferPointer {
        if room.isEmpty { room = .allocate(byteCount: 65_536, alignment: 16) }
        return room
    }

    /// Runs `body` when the fibers that came before have done so: one datagram so wakes one fiber, and a newcomer takes
    /// none from those who wait.
    private func takingTurns<Result>(_ body: () throws -> Result) throws -> Result {
        if isReceiving { try nextReceivers.wait(for: .readable) }
        isReceiving = true
        defer { isReceiving = nextReceivers.wakeFirst() }
        return try body()
    }
}
