// SPDX-License-Identifier: MIT

extension BufferedReader {
    /// Reads messages of any form without a copy: `body` gets all bytes that are there, where they are, and says how many it
    /// has used.
    ///
    /// ```swift
    /// while try reader.withBytes({ bytes in try handleCompleteMessages(in: bytes) }) > 0 {}
    /// ```
    ///
    /// Parks the calling fiber until there are bytes and `body` has used one, or the input ends.
    ///
    /// - Parameters:
    ///   - patience: How long the rest of a message may take, from the moment when `body` uses none of its first bytes; the
    ///     first byte may take for ever. So a peer may be idle, but has to complete what it has begun. `nil` sets no limit.
    ///   - body: Called with one byte or more, and again with more bytes behind the same while it uses none: bound how
    ///     many it lets come. It may park; others who read wait meanwhile. It cannot read from this reader. If it throws,
    ///     nothing is taken.
    /// - Returns: How many bytes were used; 0 at the end of input. What is left then is still in the reader.
    /// - Throws: ``ClosedError``, ``IOError``, `CancellationError` if the fiber is cancelled, ``TimeoutError`` after
    ///   `patience`: no byte is lost; ``ConcurrencyViolationError`` if called from such a body; what `body` throws.
    /// - Precondition: `body` uses no more bytes than there are.
    /// - Complexity: One call of `body` for each read of the stream, and one for what was there before.
    @available(*, noasync)
    @discardableResult
    public func withBytes(patience: Duration? = nil, _ body: (Span<UInt8>) throws -> Int) throws -> Int {
        try lending {
            guard try !buffer.isEmpty || fill() else { return 0 }
            let used = try use(body)
            guard used == 0 else { return used }
            guard let patience else { return try useMore(body) }
            return try withTimeout(patience) { try useMore(body) }
        }
    }

    private func useMore(_ body: (Span<UInt8>) throws -> Int) throws -> Int {
        while try fill() {
            let used = try use(body)
            if used > 0 { return used }
        }
        return 0
    }

    private func use(_ body: (Span<UInt8>) throws -> Int) throws -> Int {
        let used = try body(buffer.prefix(buffer.count).span)
        require(0...buffer.count ~= used, "\(used) of \(buffer.count) bytes cannot have been used")
        buffer.dropFirst(used)
        return used
    }
}
