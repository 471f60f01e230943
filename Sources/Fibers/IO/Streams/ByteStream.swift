// SPDX-License-Identifier: MIT

/// Bytes in and bytes out: a connection, a pipe, a terminal, a file, or memory.
///
/// One fiber may read while another writes. Nothing is read that nobody asked for, and nothing is queued that was not
/// taken: a slow peer parks the writer.
///
/// | cancelled in | what was moved |
/// |---|---|
/// | `read` | nothing: the next read returns the next byte |
/// | `write` | ``PartialWriteError`` says how many bytes left; if none did, it is the plain `CancellationError` |
///
/// ``BufferedReader`` reads lines and exact counts from any stream, ``BufferedWriter`` gathers small writes.
///
/// A conforming type is a final class, or its methods are, because a fiber that parks in a `mutating` method would keep
/// others out of the value. It gives every method below its meaning; the rest of what a stream can do follows from them.
public protocol ByteStream: ByteSink {
    /// Reads what is there straight into the caller's memory, which must stay valid until this returns.
    ///
    /// Parks the calling fiber until there is at least one byte or the end.
    ///
    /// - Parameter buffer: Filled from its start on.
    /// - Returns: How many bytes were read, at least one; 0 at the end of input, every time.
    /// - Throws: ``ClosedError`` if this side closed the stream, before or meanwhile; ``IOError`` such as `ECONNRESET`;
    ///   `CancellationError` if the fiber is cancelled. In no case is a byte lost.
    /// - Precondition: `buffer` has room for at least one byte.
    @available(*, noasync)
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int

    /// Sends the end of input to the other side; reading goes on (row IO17). Fibers that write get ``ClosedError``. Never
    /// parks; does nothing the second time.
    ///
    /// - Throws: ``ClosedError`` if the stream is closed; ``IOError`` if the other side is gone.
    func closeWrite() throws

    /// Closes both directions. Fibers that read or write get ``ClosedError``. Never parks; does nothing the second time.
    func close()

    /// Whether ``close()`` was called, or the event loop has ended.
    var isClosed: Bool { get }

    /// Whether a read could give bytes or the end of input; never parks. False once closed, or for the end of a pipe that
    /// is for writing.
    var isReadable: Bool { get }

    /// Whether a write could be taken; never parks. False once closed or after ``closeWrite()``, or for the end of a pipe
    /// that is for reading.
    var isWritable: Bool { get }
}

extension ByteStream {
    /// Reads what is there, up to `count` bytes, in one system call.
    ///
    /// Parks the calling fiber until there is at least one byte or the end.
    ///
    /// - Parameter count: The most that is read.
    /// - Returns: 1 to `count` bytes; none at the end of input, every time.
    /// - Throws: ``ClosedError`` if this side closed the stream, before or meanwhile; ``IOError`` such as `ECONNRESET`;
    ///   `CancellationError` if the fiber is cancelled. In no case is a byte lost.
    /// - Precondition: `count` is positive.
    @available(*, noasync)
    public func read(upTo count: Int = 65_536) throws -> [UInt8] { try readArray(upTo: count) }

    /// Allocates, and then reads.
    @inline(__always)
    func readArray(upTo count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
            length = try read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
