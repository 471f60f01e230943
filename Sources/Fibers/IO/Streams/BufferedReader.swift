// SPDX-License-Identifier: MIT

/// Reads lines, exact counts and the like from any byte stream.
///
/// ```swift
/// let reader = BufferedReader(connection)
/// while let line = try reader.readLine() {
///     …
/// }
/// ```
///
/// Once a stream has a reader, read from that only: it may have read ahead. Several fibers may share one; their reads
/// happen in call order, each as a whole.
///
/// No byte is ever lost. A call that throws, because the fiber is cancelled or its time is up, because the stream fails, a
/// limit is exceeded or the input ends too early, has taken nothing: the next call begins with the byte with which that
/// one began. What was read before a stream failed can still be read.
///
/// Reading takes one copy, from the reader's memory into what is returned, and allocates nothing else. That memory is
/// 4 KiB at first, and doubles whenever a read fills it, up to 256 KiB or what ``init(_:capacity:)`` says.
public final class BufferedReader: CustomStringConvertible {
    /// Where the bytes come from.
    public let stream: any ByteStream
    @exclusivity(unchecked) var buffer: InputBuffer
    private let turns = Turns()
    /// What a loop over lines met, and could not throw.
    @exclusivity(unchecked) var failure: (any Error)?

    /// A reader that has read nothing yet.
    ///
    /// - Parameters:
    ///   - stream: Where the bytes come from.
    ///   - capacity: How many bytes are read ahead at most.
    /// - Precondition: `capacity` is positive.
    public init(_ stream: any ByteStream, capacity: Int = 262_144) {
        require(capacity > 0, "a buffered reader needs room for at least one byte")
        self.stream = stream
        buffer = InputBuffer(capacity: capacity)
    }

    deinit { buffer.deallocate() }

    /// How many bytes can be read without parking (row IO13). Never parks.
    public var bytesAvailable: Int { buffer.count }

    /// Whether all the input has been read (row IO15).
    ///
    /// Parks the calling fiber until there is a byte or the end.
    ///
    /// - Returns: False if there is a byte, which is not taken.
    /// - Throws: As every read of the stream: ``ClosedError``, ``IOError``, `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public func isAtEnd() throws -> Bool {
        try inTurn { try buffer.isEmpty && !fill() }
    }

    /// Looks at the next bytes without taking them.
    ///
    /// Parks the calling fiber until there are as many or the input ends.
    ///
    /// - Parameter count: How many.
    /// - Returns: The bytes; fewer at the end of input.
    /// - Throws: As every read of the stream: ``ClosedError``, ``IOError``, `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public func peek(_ count: Int) throws -> [UInt8] {
        try inTurn {
            while buffer.count < count, try fill() {}
            return [UInt8](buffer.bytes.prefix(count))
        }
    }

    /// Drops the next bytes.
    ///
    /// Parks the calling fiber until there were as many or the input ends. Unlike all others, this keeps what it did when it
    /// throws: the next call begins behind what was dropped.
    ///
    /// - Parameter count: How many.
    /// - Returns: How many there were; fewer at the end of input.
    /// - Throws: As every read of the stream: ``ClosedError``, ``IOError``, `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    @discardableResult
    public func skip(_ count: Int) throws -> Int {
        try inTurn {
            var skipped = 0
            while skipped < count, try !buffer.isEmpty || fill() {
                let more = min(buffer.count, count - skipped)
                buffer.dropFirst(more)
                skipped += more
            }
            return skipped
        }
    }

    /// Names the stream.
    public var description: String { "reader of \(stream)" }

    // MARK: Turns

    /// Runs `body` when no other fiber is in a call of this reader.
    @inline(__always)
    func inTurn<Result>(_ body: () throws -> Result) throws -> Result {
        try turns.begin(for: .turnToRead, subject: self)
        defer { turns.end() }
        if let failure {
            self.failure = nil
            throw failure
        }
        return try body()
    }

    /// As `inTurn`, for a body of the user's that must not come back here.
    func lending<Result>(_ body: () throws -> Result) throws -> Result {
        try inTurn {
            turns.lend()
            defer { turns.takeBack() }
            return try body()
        }
    }

    /// Reads once more from the stream, behind what is there; false at the end of input.
    func fill() throws -> Bool {
        let count = try stream.read(into: buffer.room())
        buffer.didFill(count)
        return count > 0
    }
}
