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
    /// - Parameter body: Called with one byte or more, and again with more bytes behind the same while it uses none: bound how
    ///   many it lets come. It may park; others who read wait meanwhile. It cannot read from this reader. If it throws,
    ///   nothing is taken.
    /// - Returns: How many bytes were used; 0 at the end of input. What is left then is still in the reader.
    /// - Throws: ``ClosedError``, ``IOError``, `CancellationError` if the fiber is cancelled: no byte is lost;
    ///   ``ConcurrencyViolationError`` if called from such a body; what `body` throws.
    /// - Precondition: `body` uses no more bytes than there are.
    /// - Complexity: One call of `body` for each read of the stream, and one for what was there before.
    @available(*, noasync)
    @discardableResult
    public func withBytes(_ body: (Span<UInt8>) throws -> Int) throws -> Int {
        try lending {
            while try !buffer.isEmpty || fill() {
                let used = try body(buffer.prefix(buffer.count).span)
                require(0...buffer.count ~= used, "\(used) of \(buffer.count) bytes cannot have been used")
                buffer.dropFirst(used)
                if used > 0 { return used }
                guard try fill() else { break }
            }
            return 0
        }
    }
}
