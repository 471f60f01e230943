// SPDX-License-Identifier: MIT

extension TCPConnection {
    /// Reads what is there, up to `count` bytes, in one system call.
    ///
    /// Parks the calling fiber until there is at least one byte or the end.
    ///
    /// - Returns: 1 to `count` bytes; none at the end of input, every time.
    /// - Throws: ``ClosedError`` if this side closed the connection, before or meanwhile; ``IOError`` such as
    ///   `ECONNRESET`; `CancellationError` if the fiber is cancelled. In no case is a byte lost.
    /// - Precondition: `count` is positive.
    @available(*, noasync)
    public func read(upTo count: Int = 65_536) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
            length = try read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    /// As ``read(upTo:)``, straight into the caller's memory, which must stay valid until this returns.
    ///
    /// - Returns: How many bytes were read; 0 at the end of input.
    @available(*, noasync)
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        require(!buffer.isEmpty, "a read needs room for at least one byte")
        let count = try poll.retry(.reading, parksFirst: isDrained) { Socket.read($0, into: buffer) }
        try check(count, "read", "\(peer)")
        isDrained = count < buffer.count && count > 0
        return count
    }
}
