// SPDX-License-Identifier: MIT

/// The lines of a ``BufferedReader`` as a sequence: see ``BufferedReader/lines(limit:)``.
public final class Lines: Sequence, IteratorProtocol {
    private let reader: BufferedReader
    private let limit: Int

    fileprivate init(of reader: BufferedReader, limit: Int) {
        self.reader = reader
        self.limit = limit
    }

    /// The next line; `nil` at the end of input, or if reading fails: see ``BufferedReader/lines(limit:)``.
    ///
    /// Parks the calling fiber until the end of the line comes.
    @available(*, noasync)
    public func next() -> String? {
        do {
            return try reader.readLine(limit: limit)
        } catch {
            reader.keep(error)
            return nil
        }
    }
}

extension BufferedReader {
    /// The lines up to the end of input (Julia's `eachline`, row IO14).
    ///
    /// ```swift
    /// for line in reader.lines() { print(line) }
    /// guard try reader.isAtEnd() else { return }   // throws what ended the loop, if that was not the end of input
    /// ```
    ///
    /// Iteration cannot throw. If the fiber is interrupted, the loop ends and the next call that parks throws; if reading
    /// fails, the loop ends and the next call of the reader throws. ``forEachLine(limit:_:)`` throws itself.
    ///
    /// - Parameter limit: The most bytes of a line.
    /// - Returns: A sequence that takes each line when it is asked for it.
    public func lines(limit: Int = 65_536) -> Lines { Lines(of: self, limit: limit) }

    fileprivate func keep(_ error: any Error) {
        if error is CancellationError || error is TimeoutError {
            Scheduler.current.current.keepInterruption(error)
        } else {
            failure = error
        }
    }
}
