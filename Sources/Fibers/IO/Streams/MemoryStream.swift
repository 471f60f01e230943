// SPDX-License-Identifier: MIT

/// A byte stream without a descriptor: one side of a pair that stands for a connection, or given bytes to read.
///
/// For tests, and for code that speaks a protocol with itself. Behaves as a connection does, but that a fiber that can never
/// be woken gets a ``DeadlockError`` here.
public final class MemoryStream: ByteStream, CustomStringConvertible {
    private let incoming: MemoryPipe
    private let outgoing: MemoryPipe
    private let name: String
    /// Whether ``close()`` was called.
    public private(set) var isClosed = false
    private var isWriteClosed = false

    private init(incoming: MemoryPipe, outgoing: MemoryPipe, name: String) {
        self.incoming = incoming
        self.outgoing = outgoing
        self.name = name
    }

    /// A stream from which these bytes can be read, and then the end of input. What is written to it is kept; see
    /// ``written``.
    ///
    /// - Parameter bytes: What there is to read.
    public convenience init(_ bytes: [UInt8] = []) {
        let incoming = MemoryPipe(bytes, capacity: bytes.count)
        incoming.end(throwing: ClosedError(subject: "memory stream"))
        self.init(incoming: incoming, outgoing: MemoryPipe(capacity: .max), name: "memory stream")
    }

    /// Two streams: what is written to one can be read from the other. Never parks.
    ///
    /// - Parameter capacity: How many bytes each direction takes before its writer parks.
    /// - Returns: The two ends.
    /// - Precondition: `capacity` is positive.
    public static func makePair(capacity: Int = 65_536) -> (MemoryStream, MemoryStream) {
        require(capacity > 0, "a memory stream needs room for at least one byte")
        let (there, back) = (MemoryPipe(capacity: capacity), MemoryPipe(capacity: capacity))
        return (
            MemoryStream(incoming: back, outgoing: there, name: "memory stream"),
            MemoryStream(incoming: there, outgoing: back, name: "memory stream")
        )
    }

    deinit { close() }

    /// What was written and nobody has read yet. O(*n*).
    public var written: [UInt8] { outgoing.content }

    /// See ``ByteStream/read(into:)``.
    @available(*, noasync)
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        require(!buffer.isEmpty, "a read needs room for at least one byte")
        return try incoming.read(into: buffer, for: self)
    }

    /// See ``ByteSink/write(_:)-(UnsafeRawBufferPointer)``.
    @available(*, noasync)
    public func write(_ bytes: UnsafeRawBufferPointer) throws { try write(gathering: [bytes]) }

    /// See ``ByteSink/write(gathering:)-([UnsafeRawBufferPointer])``.
    @available(*, noasync)
    public func write(gathering parts: [UnsafeRawBufferPointer]) throws {
        guard !isClosed else { throw ClosedError(subject: name) }
        try outgoing.write(gathering: parts, for: self)
    }

    /// See ``ByteStream/closeWrite()``.
    public func closeWrite() throws {
        guard !isWriteClosed else { return }
        guard !isClosed else { throw ClosedError(subject: name) }
        isWriteClosed = true
        outgoing.end(throwing: ClosedError(subject: "write half of \(name)"))
    }

    /// See ``ByteStream/close()``.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        incoming.abandon(throwing: ClosedError(subject: name))
        outgoing.end(throwing: ClosedError(subject: name))
    }

    /// Whether it is not closed.
    public var isReadable: Bool { !isClosed }

    /// Whether neither it nor its write half is closed.
    public var isWritable: Bool { !isClosed && !isWriteClosed }

    /// Says that it is one.
    public var description: String { name }
}
