// SPDX-License-Identifier: MIT
import SystemPackage

extension File {
    /// Reads what is at an offset, straight into the caller's memory, which must stay valid until this returns.
    ///
    /// Parks the calling fiber until it is there.
    ///
    /// - Parameters:
    ///   - buffer: Filled from its start on.
    ///   - offset: From the start of the file.
    /// - Returns: How many bytes were read; 0 at the end of the file.
    /// - Throws: ``ClosedError``; ``ArgumentError`` if the offset is negative; ``IOError`` such as `EISDIR`;
    ///   `CancellationError` if the fiber is cancelled.
    /// - Precondition: `buffer` has room for at least one byte.
    @available(*, noasync)
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws -> Int {
        require(!buffer.isEmpty, "a read needs room for at least one byte")
        try validate(offset)
        return try check(poll.retry(.reading) { FileCalls.read($0, into: buffer, at: offset) }, "read", name)
    }

    /// Reads up to `count` bytes at an offset; see ``read(into:at:)``.
    ///
    /// - Parameters:
    ///   - count: The most that is read.
    ///   - offset: From the start of the file.
    /// - Returns: The bytes; fewer before the end of the file, and none there.
    /// - Precondition: `count` is positive.
    @available(*, noasync)
    public func read(upTo count: Int, at offset: Int64) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
            length = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
        }
    }

    /// Reads from the position to the end of the file, and moves the position there.
    ///
    /// Parks the calling fiber until it is read, in pieces of up to 1 MiB. If this throws, the position is where it was.
    ///
    /// - Parameter limit: The most bytes that there may be.
    /// - Returns: The bytes; none at the end.
    /// - Throws: ``LimitExceededError``; ``ClosedError``; ``IOError``, such as `ESPIPE` for what has no position, whose bytes
    ///   ``BufferedReader/readToEnd(limit:)`` reads; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public func readAll(limit: Int = .max) throws -> [UInt8] {
        let start = try seek(offset: 0, from: .current)
        let bytes = try readAll(from: start, limit: limit)
        try seek(offset: start + Int64(bytes.count))
        return bytes
    }

    /// As ``readAll(limit:)``, but neither uses nor moves the position.
    func readAll(from start: Int64, limit: Int) throws -> [UInt8] {
        let expected = max(0, Int(clamping: try size() - start))
        var bytes: [UInt8] = []
        while true {
            let room = min(max(expected - bytes.count, 4096), 1 << 20)
            let piece = try read(upTo: room, at: start + Int64(bytes.count))
            guard !piece.isEmpty else { return bytes }
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
            guard bytes.count <= limit else { throw LimitExceededError(limit: limit) }
        }
    }

    /// Writes all the bytes at an offset, straight from the caller's memory, which must stay valid until this returns.
    ///
    /// Parks the calling fiber until they are written. A file that was opened with `.append` takes them at its end, whatever
    /// the offset is.
    ///
    /// - Parameters:
    ///   - bytes: What to write; none writes nothing.
    ///   - offset: From the start of the file. What is between its end and the offset becomes zeros.
    /// - Throws: ``PartialWriteError`` if some bytes were written; else its cause: ``ClosedError``; ``ArgumentError`` if the
    ///   offset is negative; ``IOError`` such as `ENOSPC`; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
        try validate(offset)
        var written = 0
        do {
            while written < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                let place = offset + Int64(written)
                written += try check(poll.retry(.writing) { FileCalls.write($0, rest, at: place) }, "write", name)
            }
        } catch  where written > 0 {
            throw PartialWriteError(bytesWritten: written, cause: error)
        }
    }

    /// Writes all the bytes at an offset; see ``write(_:at:)-(UnsafeRawBufferPointer,_)``.
    ///
    /// - Parameters:
    ///   - bytes: What to write; none writes nothing.
    ///   - offset: From the start of the file.
    @available(*, noasync)
    public func write(_ bytes: [UInt8], at offset: Int64) throws {
        try bytes.withUnsafeBytes { try write($0, at: offset) }
    }

    func validate(_ offset: Int64) throws {
        guard offset >= 0 else { throw ArgumentError("offset \(offset) is negative: a file begins at 0") }
    }
}
