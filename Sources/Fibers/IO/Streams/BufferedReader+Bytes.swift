// SPDX-License-Identifier: MIT

/// The input ended before there were as many bytes as asked for. Those that came are still in the reader.
public struct EndOfInputError: Error, CustomStringConvertible {
    /// How many bytes were asked for.
    public let expected: Int
    /// How many came.
    public let available: Int

    /// Says both.
    public var description: String { "input ended after \(available) of \(expected) bytes" }
}

/// More bytes came than the call allows. They are still in the reader.
public struct LimitExceededError: Error, CustomStringConvertible {
    /// The most bytes that the call allows.
    public let limit: Int

    /// Says the limit.
    public var description: String { "more than \(limit) bytes came" }
}

extension BufferedReader {
    /// Reads what is there, up to `count` bytes.
    ///
    /// Parks the calling fiber until there is at least one byte or the end.
    ///
    /// - Parameter count: The most that is read.
    /// - Returns: 1 to `count` bytes; none at the end of input, every time.
    /// - Throws: As every read of the stream: ``ClosedError``, ``IOError``, `CancellationError` if the fiber is cancelled.
    /// - Precondition: `count` is positive.
    @available(*, noasync)
    public func read(upTo count: Int = 65_536) throws -> [UInt8] {
        require(count > 0, "a read needs room for at least one byte")
        return try inTurn {
            if buffer.isEmpty { _ = try fill() }
            return buffer.take(min(count, buffer.count))
        }
    }

    /// As ``read(upTo:)``, into the caller's memory, which must stay valid until this returns. Nothing is copied in between
    /// if the reader holds no bytes and the memory is no smaller than the reader's.
    ///
    /// - Parameter target: Filled from its start on.
    /// - Returns: How many bytes were read; 0 at the end of input.
    @available(*, noasync)
    public func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        require(!target.isEmpty, "a read needs room for at least one byte")
        return try inTurn { try readOnce(into: target) }
    }

    /// Reads exactly so many bytes (row IO12).
    ///
    /// Parks the calling fiber until they are there.
    ///
    /// - Parameter count: How many. Memory for all of them is reserved at once, so bound what a peer says.
    /// - Returns: The bytes.
    /// - Throws: ``EndOfInputError`` if the input ends before; ``ClosedError``, ``IOError``, `CancellationError` if the
    ///   fiber is cancelled. In no case is a byte lost.
    @available(*, noasync)
    public func readExactly(_ count: Int) throws -> [UInt8] {
        try inTurn {
            try [UInt8](unsafeUninitializedCapacity: count) { room, filled in
                try readAll(of: UnsafeMutableRawBufferPointer(room))
                filled = count
            }
        }
    }

    /// Reads up to the end of input (row IO11).
    ///
    /// Parks the calling fiber until the input has ended.
    ///
    /// - Parameter limit: The most bytes that are taken.
    /// - Returns: The bytes; none if all were read before.
    /// - Throws: ``LimitExceededError``; ``ClosedError``, ``IOError``, `CancellationError` if the fiber is cancelled. In no
    ///   case is a byte lost.
    @available(*, noasync)
    public func readToEnd(limit: Int = .max) throws -> [UInt8] {
        try inTurn {
            repeat {
                guard buffer.count <= limit else { throw LimitExceededError(limit: limit) }
            } while try fill()
            return buffer.take(buffer.count)
        }
    }

    /// What is there, or else what comes next.
    private func readOnce(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        if buffer.isEmpty {
            if target.count >= buffer.roomWhenEmpty { return try stream.read(into: target) }
            _ = try fill()
        }
        return buffer.take(into: target)
    }

    /// Fills the memory, or puts back what it has put there.
    private func readAll(of target: UnsafeMutableRawBufferPointer) throws {
        var filled = 0
        do {
            while filled < target.count {
                let more = try readOnce(into: UnsafeMutableRawBufferPointer(rebasing: target[filled...]))
                guard more > 0 else { throw EndOfInputError(expected: target.count, available: filled) }
                filled += more
            }
        } catch {
            buffer.putBack(UnsafeRawBufferPointer(rebasing: target[..<filled]))
            throw error
        }
    }
}
