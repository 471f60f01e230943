// SPDX-License-Identifier: MIT

extension BufferedReader {
    /// Reads up to a delimiter, which is taken as well (row IO14).
    ///
    /// Parks the calling fiber until the delimiter or the end of input comes.
    ///
    /// - Parameters:
    ///   - delimiter: What ends the bytes.
    ///   - keepingDelimiter: Whether it is returned, too: that tells bytes before the end of input from others.
    ///   - limit: The most bytes before the delimiter.
    /// - Returns: The bytes before the delimiter, or those before the end of input; `nil` if all were read before.
    /// - Throws: ``LimitExceededError``; ``ClosedError``, ``IOError``, `CancellationError` if the fiber is cancelled. In no
    ///   case is a byte lost.
    /// - Complexity: O(*n*) for *n* bytes.
    @available(*, noasync)
    public func readUntil(
        _ delimiter: UInt8, keepingDelimiter: Bool = false, limit: Int = 65_536
    ) throws -> [UInt8]? {
        try inTurn {
            guard let (count, end) = try find(delimiter, limit: limit) else { return nil }
            defer { buffer.dropFirst(end) }
            return [UInt8](buffer.bytes[..<(keepingDelimiter ? end : count)])
        }
    }

    /// Reads a line (row IO14). It ends with `\n` or `\r\n`, which is taken but not returned, or with the input.
    ///
    /// Parks the calling fiber until the end of the line comes.
    ///
    /// - Parameter limit: The most bytes of the line before its `\n`.
    /// - Returns: The line; what is no UTF-8 is replaced by U+FFFD. `nil` if all were read before.
    /// - Throws: ``LimitExceededError``; ``ClosedError``, ``IOError``, `CancellationError` if the fiber is cancelled. In no
    ///   case is a byte lost.
    /// - Complexity: O(*n*) for *n* bytes.
    @available(*, noasync)
    public func readLine(limit: Int = 65_536) throws -> String? {
        try inTurn {
            guard let (count, end) = try findLine(limit: limit) else { return nil }
            defer { buffer.dropFirst(end) }
            return String(decoding: buffer.bytes[..<count], as: UTF8.self)
        }
    }

    /// As ``readLine(limit:)``, without an allocation: `body` gets the bytes where they are.
    ///
    /// - Parameters:
    ///   - limit: The most bytes of the line before its `\n`.
    ///   - body: Called with the line, unless all were read before. It may park; others who read wait meanwhile. It cannot
    ///     read from this reader. If it throws, the line is not taken.
    /// - Returns: What `body` returns; `nil` if all lines were read before.
    /// - Throws: As ``readLine(limit:)``; ``ConcurrencyViolationError`` if called from such a body; what `body` throws.
    @available(*, noasync)
    public func withLine<Result>(limit: Int = 65_536, _ body: (Span<UInt8>) throws -> Result) throws -> Result? {
        try lending {
            guard let (count, end) = try findLine(limit: limit) else { return nil }
            let result = try body(buffer.prefix(count).span)
            buffer.dropFirst(end)
            return result
        }
    }

    /// Reads all lines, without an allocation: `body` gets the bytes where they are. Others who read from this reader wait
    /// until it has returned.
    ///
    /// Parks the calling fiber until the input has ended.
    ///
    /// - Parameters:
    ///   - limit: The most bytes of a line before its `\n`.
    ///   - body: Called with each line. It may park, but cannot read from this reader. If it throws, its line is not
    ///     taken, those before are.
    /// - Throws: As ``readLine(limit:)``; ``ConcurrencyViolationError`` if called from such a body; what `body` throws.
    @available(*, noasync)
    public func forEachLine(limit: Int = 65_536, _ body: (Span<UInt8>) throws -> Void) throws {
        try lending {
            while let (count, end) = try findLine(limit: limit) {
                try body(buffer.prefix(count).span)
                buffer.dropFirst(end)
            }
        }
    }

    private func findLine(limit: Int) throws -> (count: Int, end: Int)? {
        guard let (count, end) = try find(UInt8(ascii: "\n"), limit: limit) else { return nil }
        let hasReturn = count > 0 && count < end && buffer.bytes[count - 1] == UInt8(ascii: "\r")
        return (hasReturn ? count - 1 : count, end)
    }

    /// How many bytes there are before the delimiter, and with it. At the end of input both are what is left, or `nil` if that
    /// is nothing.
    private func find(_ delimiter: UInt8, limit: Int) throws -> (count: Int, end: Int)? {
        var scanned = 0
        while true {
            if let offset = UnsafeRawBufferPointer(rebasing: buffer.bytes[scanned...]).firstOffset(of: delimiter) {
                let count = scanned + offset
                guard count <= limit else { throw LimitExceededError(limit: limit) }
                return (count, count + 1)
            }
            scanned = buffer.count
            guard scanned <= limit else { throw LimitExceededError(limit: limit) }
            guard try fill() else { return scanned == 0 ? nil : (scanned, scanned) }
        }
    }
}
