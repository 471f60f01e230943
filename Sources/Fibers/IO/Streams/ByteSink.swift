// SPDX-License-Identifier: MIT

/// What bytes can be written to: a ``ByteStream`` or a ``BufferedWriter``.
public protocol ByteSink: AnyObject {
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
}

extension ByteSink {
    /// Writes all the bytes. Whole writes of several fibers never interleave; they happen in call order.
    ///
    /// Parks the calling fiber while the other side takes no more, so nothing is queued in memory.
    ///
    /// - Parameter bytes: What to write; none writes nothing.
    /// - Throws: ``PartialWriteError`` if some bytes had left; else its cause: ``ClosedError`` if this side closed the
    ///   stream or its write half, ``IOError`` such as `EPIPE` or `ECONNRESET`, `CancellationError` if the fiber is
    ///   cancelled. SIGPIPE is never raised.
    @available(*, noasync)
    public func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    /// Writes the text in UTF-8; see ``write(_:)-([UInt8])``.
    ///
    /// - Parameter text: What to write.
    @available(*, noasync)
    public func write(_ text: String) throws {
        try write(text.utf8)
    }

    /// Writes the bytes without copying them; see ``write(_:)-([UInt8])``.
    ///
    /// - Parameter bytes: What to write.
    @available(*, noasync)
    public func write(_ bytes: RawSpan) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    /// Writes the bytes of any collection; see ``write(_:)-([UInt8])``. They are copied first, unless they lie side by side,
    /// as those of a slice do.
    ///
    /// - Parameter bytes: What to write.
    @available(*, noasync)
    public func write(_ bytes: some Collection<UInt8>) throws {
        let inPlace: Void? = try bytes.withContiguousStorageIfAvailable { try write(UnsafeRawBufferPointer($0)) }
        if inPlace == nil { try write(Array(bytes)) }
    }

    /// Writes the arrays one after the other as one write; see ``write(gathering:)-([UnsafeRawBufferPointer])``.
    ///
    /// ```swift
    /// try connection.write(gathering: [header, body])   // one system call, and no copy
    /// ```
    ///
    /// - Parameter parts: What to write. More than 16 are copied together first.
    @available(*, noasync)
    public func write(gathering parts: [[UInt8]]) throws {
        guard parts.count <= 16 else { return try write(Array(parts.joined())) }
        try withBuffers(of: parts[...]) { try write(gathering: $0) }
    }

    /// Copies the parts together.
    @available(*, noasync)
    public func write(gathering parts: [UnsafeRawBufferPointer]) throws {
        try write(Array(parts.joined()))
    }

    /// Nests a call for each part, the only way to the memory of several arrays at once.
    ///
    /// - Parameter buffers: Of the parts before these.
    private func withBuffers(
        of parts: ArraySlice<[UInt8]>, after buffers: [UnsafeRawBufferPointer] = [],
        _ body: ([UnsafeRawBufferPointer]) throws -> Void
    ) throws {
        guard let first = parts.first else { return try body(buffers) }
        try first.withUnsafeBytes { try withBuffers(of: parts.dropFirst(), after: buffers + [$0], body) }
    }
}
