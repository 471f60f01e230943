// SPDX-License-Identifier: MIT
import Fibers

extension TLSStream {
    /// See `ByteStream.read(into:)`. Returns what one record holds, at most.
    ///
    /// - Throws: Also ``TLSError``: ``TLSError/Cause/truncated`` if the transport has ended and the other side had
    ///   not said that it would; ``TLSError/Cause/refusedByPeer`` or ``TLSError/Cause/protocolViolated`` if TLS cannot
    ///   go on. Every later read throws the same.
    @available(*, noasync)
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        require(!buffer.isEmpty, "a read needs room for at least one byte")
        try readers.begin(for: .turnToRead, subject: self)
        defer { readers.end() }
        while true {
            guard !isClosed else { throw isClosedError }
            if let readFailure { throw readFailure }
            let outcome = session.read(into: buffer)
            if case .moved(let count) = outcome {
                hasRead = true
                outbox.sendAtOnce()
                return count
            }
            try outbox.sendAfterReading()
            guard case .wantsInput = outcome else { throw session.failure }
            try receive()
        }
    }

    /// Takes encrypted bytes from the transport. Parks the calling fiber, whose turn to read it must be, until there
    /// are some.
    func receive() throws {
        reader = Fiber.current
        defer { reader = nil }
        let count = try transport.read(into: session.inputRoom)
        session.didReceive(count)
        guard count == 0 else { return }
        let failure = TLSError(.truncated, subject: session.subject, reason: "it ended without saying so")
        readFailure = failure
        throw failure
    }

    /// See `ByteSink.write(_:)`. One write of the transport for every 16 KiB.
    ///
    /// - Throws: Also ``TLSError`` if TLS cannot go on. The bytes that a `PartialWriteError` counts are
    ///   encrypted; what of them has not left does so later, without this fiber.
    @available(*, noasync)
    public func write(_ bytes: UnsafeRawBufferPointer) throws { try write(gathering: [bytes]) }

    /// See `ByteSink.write(gathering:)`. Small parts share a record.
    @available(*, noasync)
    public func write(gathering parts: [UnsafeRawBufferPointer]) throws {
        do {
            try outbox.inTurn(of: self) { try outbox.interruptibly { try writeAll(parts) } }
        } catch {
            outbox.sendSoon()
            throw error
        }
    }

    private func writeAll(_ parts: [UnsafeRawBufferPointer]) throws {
        var rest = RecordCutter(parts)
        var written = 0
        do {
            repeat {
                try checkWritable()
                // Not more is encrypted than what leaves next.
                try outbox.send()
                try checkWritable()
                written += try rest.withNextRecord { try session.write($0) }
            } while !rest.isEmpty
            try outbox.send()
        } catch  where written > 0 {
            throw PartialWriteError(bytesWritten: written, cause: error)
        }
    }

    private func checkWritable() throws {
        guard !isClosed else { throw isClosedError }
        guard !isWriteClosed else { throw isWriteClosedError }
    }

    var isClosedError: ClosedError { ClosedError(subject: description) }

    var isWriteClosedError: ClosedError { ClosedError(subject: "write half of \(description)") }
}
