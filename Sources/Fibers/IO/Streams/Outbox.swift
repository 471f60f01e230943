// SPDX-License-Identifier: MIT

/// Bytes on their way to a stream, for which nobody has to wait.
///
/// ```swift
/// let outbox = Outbox(connection)
/// for line in answer { outbox.append("\(line)\n") }
/// try outbox.flush()           // one write, for which this fiber waits
///
/// for member in room {
///     member.outbox.append("\(text)\n")
///     member.outbox.post()     // never parks, however slowly the member reads
/// }
/// ```
///
/// All that waits leaves as one write, in the order in which it was appended, whoever sends it. While no more than its limit
/// waits, memory is bounded without anybody being held up; ``BufferedWriter`` parks instead.
public final class Outbox: CustomStringConvertible {
    /// Where the bytes go.
    public let stream: any ByteStream
    /// The most bytes that may wait for a slow reader: see ``post()``.
    public let limit: Int
    @exclusivity(unchecked) private var bytes: [UInt8] = []
    /// Held by who sends.
    private let turns = Turns()
    private var isPosted = false

    /// An outbox in which nothing waits.
    ///
    /// - Parameters:
    ///   - stream: Where the bytes go.
    ///   - limit: The most bytes that may wait when ``post()`` is called.
    /// - Precondition: `limit` is positive.
    public init(_ stream: any ByteStream, limit: Int = 8 << 20) {
        require(limit > 0, "an outbox needs room for at least one byte")
        self.stream = stream
        self.limit = limit
    }

    /// How many bytes have not left yet. Never parks.
    public var bytesWaiting: Int { bytes.count }

    /// Puts bytes behind those that wait. Never parks.
    ///
    /// - Parameter more: Is copied.
    public func append(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }

    /// Puts bytes behind those that wait. Never parks.
    ///
    /// - Parameter more: Is copied.
    public func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

    /// Puts the text in UTF-8 behind what waits. Never parks.
    ///
    /// - Parameter text: Is copied.
    public func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Lets `body` put bytes behind those that wait, where they are. Never parks.
    ///
    /// - Parameter body: Gets what waits, to append to it. It cannot use this outbox, and must not park.
    public func append(_ body: (inout [UInt8]) throws -> Void) rethrows {
        var own: [UInt8] = []
        swap(&own, &bytes)  // nobody has an access to the property while code of others runs
        defer { bytes = own }
        try body(&own)
    }

    /// Has a fiber send all that waits when it gets its turn. Never parks.
    ///
    /// If more than ``limit`` waits, the stream is closed instead: its reader is too slow. A failure to send is for those who
    /// read from the stream or ``flush()``.
    public func post() {
        guard bytes.count <= limit else { return stream.close() }
        guard !isPosted else { return }
        isPosted = true
        Fiber.spawn(name: "\(self)") { [self] in
            defer { isPosted = false }
            try? flush()
        }
    }

    /// Sends all that waits, and what is appended meanwhile.
    ///
    /// Parks the calling fiber until the stream has taken it.
    ///
    /// - Throws: ``ClosedError``, ``IOError`` such as `EPIPE`, `CancellationError` if the fiber is cancelled. In no case is a
    ///   byte lost or sent twice.
    @available(*, noasync)
    public func flush() throws {
        try turns.begin(for: .turnToWrite, subject: stream)
        defer { turns.end() }
        while !bytes.isEmpty { try send() }
        if bytes.capacity > 1 << 20 { bytes = [] }
    }

    private func send() throws {
        let count = bytes.count
        do {
            try stream.write(bytes)
            bytes.removeFirst(count)
        } catch let error as PartialWriteError {
            bytes.removeFirst(error.bytesWritten)
            throw error.cause
        }
    }

    /// Names the stream.
    public var description: String { "outbox of \(stream)" }
}
