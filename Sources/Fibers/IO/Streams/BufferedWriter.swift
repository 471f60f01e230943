// SPDX-License-Identifier: MIT

/// Gathers small writes to a byte stream, so that many make one system call.
///
/// ```swift
/// let writer = BufferedWriter(connection)
/// for row in rows { try writer.write("\(row)\n") }
/// try writer.flush()
/// ```
///
/// Nothing is sent before ``flush()`` unless there is no more room: what was not flushed when the object goes away is lost.
/// Whole writes of several fibers never interleave; they happen in call order.
///
/// | interrupted in | what was moved |
/// |---|---|
/// | `write` | nothing of these bytes, unless ``PartialWriteError`` says how many left; those before are sent, or still here in order |
/// | `flush` | what left is here no more: the next flush begins with the next byte |
public final class BufferedWriter: ByteSink, CustomStringConvertible {
    /// Where the bytes go.
    public let stream: any ByteStream
    private let memory: UnsafeMutableRawBufferPointer
    @exclusivity(unchecked) private var count = 0
    private let turns = Turns()

    /// A writer that holds nothing yet.
    ///
    /// - Parameters:
    ///   - stream: Where the bytes go.
    ///   - capacity: How many bytes wait at most.
    /// - Precondition: `capacity` is positive.
    public init(_ stream: any ByteStream, capacity: Int = 16_384) {
        require(capacity > 0, "a buffered writer needs room for at least one byte")
        self.stream = stream
        memory = .allocate(byteCount: capacity, alignment: 1)
    }

    deinit { memory.deallocate() }

    /// How many bytes wait to be sent. Never parks.
    public var bytesWaiting: Int { count }

    /// Takes the bytes; sends them, and all that waited, if there is no room for them.
    ///
    /// Parks the calling fiber while the stream takes no more, but not if there is room.
    ///
    /// - Parameter bytes: What to write. Many are sent from where they are, without a copy.
    /// - Throws: As ``ByteSink/write(_:)-(UnsafeRawBufferPointer)``, if bytes are sent.
    @available(*, noasync)
    public func write(_ bytes: UnsafeRawBufferPointer) throws {
        if !turns.isTaken, bytes.count <= memory.count - count { append(bytes) } else { try write(gathering: [bytes]) }
    }

    /// As ``write(_:)-(UnsafeRawBufferPointer)``, for bytes that lie apart.
    ///
    /// - Parameter parts: What to write, one after the other.
    @available(*, noasync)
    public func write(gathering parts: [UnsafeRawBufferPointer]) throws {
        try turns.begin(for: .turnToWrite, subject: stream)
        defer { turns.end() }
        guard parts.reduce(0, { $0 + $1.count }) <= memory.count - count else { return try send(behind: parts) }
        parts.forEach(append)
    }

    /// Sends what waits.
    ///
    /// Parks the calling fiber until the stream has taken it.
    ///
    /// - Throws: ``ClosedError``, ``IOError`` such as `EPIPE`, `CancellationError` if the fiber is cancelled. In no case is a
    ///   byte lost or sent twice.
    @available(*, noasync)
    public func flush() throws {
        try turns.begin(for: .turnToWrite, subject: stream)
        defer { turns.end() }
        if count > 0 { try send(behind: []) }
    }

    /// Sends what waits, and closes the stream; that also if sending fails.
    ///
    /// Parks the calling fiber until the stream has taken it.
    ///
    /// - Throws: As ``flush()``.
    @available(*, noasync)
    public func close() throws {
        defer { stream.close() }
        try flush()
    }

    private func append(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
        count += bytes.count
    }

    /// Sends what waits, and `parts`.
    private func send(behind parts: [UnsafeRawBufferPointer]) throws {
        do {
            let waiting = UnsafeRawBufferPointer(rebasing: memory[..<count])
            if parts.isEmpty { try stream.write(waiting) } else { try stream.write(gathering: [waiting] + parts) }
            count = 0
        } catch let error as PartialWriteError {
            let rest = error.bytesWritten - count
            dropFirst(min(error.bytesWritten, count))
            throw rest > 0 ? PartialWriteError(bytesWritten: rest, cause: error.cause) : error.cause
        }
    }

    private func dropFirst(_ sent: Int) {
        memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[sent..<count]))
        count -= sent
    }

    /// Names the stream.
    public var description: String { "writer to \(stream)" }
}
