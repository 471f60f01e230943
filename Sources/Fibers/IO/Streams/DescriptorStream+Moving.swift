// SPDX-License-Identifier: MIT

/// A write ended early, after some of its bytes had left.
public struct PartialWriteError: Error, CustomStringConvertible {
    /// How many bytes, from the first on, the other side can get.
    public let bytesWritten: Int
    /// Why the write ended: `CancellationError`, ``ClosedError`` or ``IOError``.
    public let cause: any Error

    package init(bytesWritten: Int, cause: any Error) {
        self.bytesWritten = bytesWritten
        self.cause = cause
    }

    /// Says how many bytes left, and why no more did.
    public var description: String { "write ended after \(bytesWritten) bytes: \(cause)" }
}

extension DescriptorStream {
    /// See ``ByteStream/read(into:)``. One system call in the steady state.
    @available(*, noasync)
    public final func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        require(!buffer.isEmpty, "a read needs room for at least one byte")
        return try readOnce(buffer.count) { Socket.read($0, into: buffer) }
    }

    /// See ``ByteStream/read(upTo:)``. A fiber that is parked for input holds no memory for it, so that idle connections
    /// cost nothing but their stacks, and those that are busy share what the processor has in its cache.
    @available(*, noasync)
    public final func read(upTo count: Int = 65_536) throws -> [UInt8] {
        if isDrained {
            try poll.wait(.reading)
            isDrained = false
        }
        return try readArray(upTo: count)
    }

    /// - Parameter attempt: Given the descriptor, reads up to `room` bytes.
    @inline(__always)
    final func readOnce(_ room: Int, _ attempt: (CInt) -> Int) throws -> Int {
        let count = try poll.retry(.reading, parksFirst: isDrained, attempt)
        try check(count, "read", name)
        isDrained = count < room && count > 0
        return count
    }

    /// See ``ByteSink/write(_:)-(UnsafeRawBufferPointer)``. One system call if the kernel takes all.
    @available(*, noasync)
    public final func write(_ bytes: UnsafeRawBufferPointer) throws {
        try writeAll(bytes.count) { [isSocket] descriptor, written in
            StreamCalls.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[written...]), isSocket: isSocket)
        }
    }

    /// See ``ByteSink/write(gathering:)-([UnsafeRawBufferPointer])``. One system call for 64 parts if the kernel takes all.
    @available(*, noasync)
    public final func write(gathering parts: [UnsafeRawBufferPointer]) throws {
        try writeAll(parts.reduce(0) { $0 + $1.count }) { [isSocket] descriptor, written in
            StreamCalls.write(descriptor, gathering: parts, skipping: written, isSocket: isSocket)
        }
    }

    /// - Parameter attempt: Given the descriptor and how many bytes have left, lets some more leave.
    final func writeAll(_ count: Int, _ attempt: (CInt, Int) -> Int) throws {
        try moveOut(count, "write") { written in
            try poll.retry(.writing, parksFirst: written > 0) { attempt($0, written) }
        }
    }

    /// Lets bytes leave as one write, with nobody else's in between.
    ///
    /// - Parameters:
    ///   - count: How many; fewer leave if there are no more.
    ///   - step: Given how many bytes have left, lets some more leave: how many, 0 if there are none, or a negative code.
    /// - Returns: How many bytes have left.
    @discardableResult
    final func moveOut(_ count: Int, _ operation: String, _ step: (Int) throws -> Int) throws -> Int {
        try writers.begin(for: .turnToWrite, subject: self)
        defer { writers.end() }
        var written = 0
        do {
            repeat {
                guard !isWriteClosed else { throw writeHalfIsClosed }
                let more = try step(written)
                guard more >= 0 || !isWriteClosed else { throw writeHalfIsClosed }
                guard more != 0 else { break }
                written += try check(more, operation, name)
            } while written < count
        } catch  where written > 0 {
            throw PartialWriteError(bytesWritten: written, cause: error)
        }
        return written
    }

    /// See ``ByteStream/closeWrite()``. The end of a pipe that is for writing is closed as a whole.
    public final func closeWrite() throws {
        guard !isWriteClosed else { return }
        guard !isClosed else { throw ClosedError(subject: poll.subject) }
        if isSocket { try Socket.closeWrite(poll.descriptor) }
        isWriteClosed = true
        poll.interruptWriters(throwing: writeHalfIsClosed)
        writers.interruptAll(throwing: writeHalfIsClosed)
        if !isSocket, !isReadable { close() }
    }

    private var writeHalfIsClosed: ClosedError { ClosedError(subject: "write half of the \(poll.subject)") }

    /// See ``ByteStream/close()``.
    public final func close() {
        poll.close()
        permit = nil
        writers.interruptAll(throwing: ClosedError(subject: poll.subject))
    }
}
