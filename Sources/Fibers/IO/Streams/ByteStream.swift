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
public protocol ByteStream: AnyObject {
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

    /// Writes all the bytes straight from the caller's memory, which must stay valid until this returns.
    ///
    /// Whole writes of several fibers never interleave; they happen in call order (row IO10). Parks the calling fiber
    /// while the other side takes no more, so nothing is queued in memory.
    ///
    /// - Parameter bytes: What to write; none writes nothing.
    /// - Throws: ``PartialWriteError`` if some bytes had left; else its cause: ``ClosedError`` if this side closed the
    ///   stream or its write half, ``IOError`` such as `EPIPE` or `ECONNRESET`, `CancellationError` if the fiber is
    ///   cancelled. SIGPIPE is never raised.
    @available(*, noasync)
    func write(_ bytes: UnsafeRawBufferPointer) throws

    /// As ``write(_:)-(UnsafeRawBufferPointer)``, for bytes that lie apart: they leave as one write, in one system call where
    /// there is one for that, without being copied together before.
    ///
    /// - Parameter parts: What to write, one after the other.
    @available(*, noasync)
    func write(gathering parts: [UnsafeRawBufferPointer]) throws

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
