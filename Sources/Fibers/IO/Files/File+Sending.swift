// SPDX-License-Identifier: MIT

extension File {
    /// Sends bytes of the file to a stream, as one write of that.
    ///
    /// ```swift
    /// try connection.write(header)
    /// try File.open(path).send(to: connection)
    /// ```
    ///
    /// The kernel moves them to connections, pipes and files where it can (`sendfile`, `copy_file_range`); where it cannot,
    /// they go through 64 KiB of memory. Other fibers' writes to the stream come before or after. To any other sink,
    /// such as a ``BufferedWriter``, the bytes are written in pieces of 256 KiB, between which others may write.
    ///
    /// The file's position is neither used nor moved, so that one open file can be sent to many at the same time. A file that
    /// is closed meanwhile stays open until all is sent.
    ///
    /// Parks the calling fiber until the stream has taken the bytes, in steps of up to 1 MiB.
    ///
    /// - Parameters:
    ///   - sink: Where the bytes go.
    ///   - offset: Where they begin, from the start of the file.
    ///   - count: The most that is sent. What is appended meanwhile is sent as well.
    /// - Returns: How many were sent; fewer than `count` if the file ends before.
    /// - Throws: ``PartialWriteError`` if some bytes had left: who goes on with it adds ``PartialWriteError/bytesWritten`` to the
    ///   offset; else its cause: ``ClosedError``; ``ArgumentError`` if the offset or the count is negative; ``IOError`` such
    ///   as `EPIPE`, or `ESPIPE` for what has no offsets; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    @discardableResult
    public func send(to sink: any ByteSink, from offset: Int64 = 0, count: Int = .max) throws -> Int {
        try validate(offset)
        guard count >= 0 else { throw ArgumentError("count \(count) is negative: at least 0 bytes are sent") }
        guard let stream = sink as? DescriptorStream else { return try copy(to: sink, from: offset, count: count) }
        return try poll.keepingOpen {
            try stream.send(contentsOf: poll.descriptor, from: offset, count: count)
        }
    }

    private func copy(to sink: any ByteSink, from offset: Int64, count: Int) throws -> Int {
        var sent = 0
        do {
            while sent < count {
                let piece = try read(upTo: min(count - sent, 262_144), at: offset + Int64(sent))
                guard !piece.isEmpty else { break }
                try sink.write(piece)
                sent += piece.count
            }
        } catch let error as PartialWriteError {
            throw PartialWriteError(bytesWritten: sent + error.bytesWritten, cause: error.cause)
        } catch  where sent > 0 {
            throw PartialWriteError(bytesWritten: sent, cause: error)
        }
        return sent
    }
}

extension DescriptorStream {
    fileprivate func send(contentsOf file: CInt, from offset: Int64, count: Int) throws -> Int {
        try moveOut(count, "send") { sent in
            try poll.retry(.writing, onPool: true) { descriptor in
                FileCalls.send(file, from: offset + Int64(sent), count: count - sent, to: descriptor)
            }
        }
    }
}
