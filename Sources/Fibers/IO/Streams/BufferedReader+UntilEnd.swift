// SPDX-License-Identifier: MIT

extension BufferedReader {
    /// Runs `body`, but not for longer than there is input: for an answer that takes its time, and that nobody needs when the
    /// other side has gone.
    ///
    /// ```swift
    /// guard let job = try reader.untilEnd({ try jobs.take() }) else { return }   // the client has gone, and takes no job
    /// ```
    ///
    /// When the input has ended or failed, every park in `body` throws `CancellationError`, outside of a
    /// ``Fiber/shield(_:)`` within. After it, the fiber parks as usual. What `body` got before is returned all the same. What
    /// comes meanwhile stays in the reader.
    ///
    /// Parks the calling fiber only where `body` does; a fiber of its own reads ahead.
    ///
    /// - Parameters:
    ///   - limit: The most bytes that are read ahead. The end behind so many is not noticed.
    ///   - body: Waits for something else. While it reads from this reader, the end is not noticed.
    /// - Returns: What `body` returns; `nil` if the input has ended before or meanwhile.
    /// - Throws: What `body` throws otherwise. Why the input has failed is thrown by the next read.
    /// - Precondition: `limit` is positive.
    @available(*, noasync)
    public func untilEnd<Result>(readingAhead limit: Int = 1 << 20, _ body: () throws -> Result) throws -> Result? {
        require(limit > 0, "to notice the end of input takes room for at least one byte")
        return try Scheduler.current.current.inScope(.group) { scope in
            let watcher = Fiber.spawn(name: "watcher of \(stream)") { [self] in
                let hasEnded = (try? wait(forBytes: limit)) != true
                if hasEnded, !Fiber.current.isCancelled { scope.cancel() }  // the scope lasts until the cancellation
            }
            defer { watcher.cancel() }
            do {
                return try body()
            } catch is CancellationError where scope.isCancelled {
                return nil
            }
        }
    }

    /// Parks the calling fiber until there are so many bytes; false if the input ends before.
    private func wait(forBytes count: Int) throws -> Bool {
        try inTurn {
            while buffer.count < count { guard try fill() else { return false } }
            return true
        }
    }
}
