// SPDX-License-Identifier: MIT

/// A write ended early, after some of its bytes had left.
public struct PartialWriteError: Error, CustomStringConvertible {
    /// How many bytes, from the first on, the kernel took.
    public let bytesWritten: Int
    /// Why the write ended: `CancellationError`, ``ClosedError`` or ``IOError``.
    public let cause: any Error

    /// Says how many bytes left, and why no more did.
    public var description: String { "write ended after \(bytesWritten) bytes: \(cause)" }
}

extension TCPConnection {
    /// Writes all the bytes. Whole writes of several fibers never interleave; they happen in call order.
    ///
    /// Parks the calling fiber while the peer takes no more, so nothing is queued in memory.
    ///
    /// - Throws: ``PartialWriteError`` if some bytes had left; else its cause: ``ClosedError`` if this side closed the
    ///   connection or its write half, ``IOError`` such as `EPIPE` or `ECONNRESET`, `CancellationError` if the fiber is
    ///   cancelled. SIGPIPE is never raised.
    @available(*, noasync)
    public func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    /// Writes the text in UTF-8; see ``write(_:)-([UInt8])``.
    @available(*, noasync)
    public func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    /// As ``write(_:)-([UInt8])``, straight from the caller's memory, which must stay valid until this returns.
    @available(*, noasync)
    public func write(_ bytes: UnsafeRawBufferPointer) throws {
        if isWriting { try nextWriters.wait(for: .turnToWrite, subject: self) }
        isWriting = true
        defer { isWriting = nextWriters.wakeFirst() }
        try writeAll(bytes)
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) throws {
        var written = 0
        do {
            repeat {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                let count = try poll.retry(.writing) { Socket.send($0, rest) }
                guard !isWriteClosed else { throw ClosedError(subject: "write half of the connection to \(peer)") }
                written += try check(count, "write", "\(peer)")
            } while written < bytes.count
        } catch  where written > 0 {
            throw PartialWriteError(bytesWritten: written, cause: error)
        }
    }

    /// Sends the end of input to the peer; reading goes on. Fibers that write get ``ClosedError``. Never parks; does
    /// nothing the second time.
    ///
    /// - Throws: ``ClosedError`` if the connection is closed; ``IOError`` if the peer is gone.
    public func closeWrite() throws {
        guard !poll.isClosed else { throw ClosedError(subject: "connection to \(peer)") }
        guard !isWriteClosed else { return }
        try Socket.closeWrite(poll.descriptor)
        isWriteClosed = true
    }

    /// Closes both directions. Fibers that read or write get ``ClosedError``. Never parks; does nothing the second time.
    public func close() {
        poll.close()
        permit = nil
        nextWriters.interruptAll(throwing: ClosedError(subject: "connection to \(peer)"))
    }
}
