// SPDX-License-Identifier: MIT

/// What a program wrote, and how it ended.
public struct CapturedOutput: Sendable {
    /// What it wrote to standard output.
    public let output: [UInt8]
    /// What it wrote to standard error.
    public let errors: [UInt8]
    /// How each command ended, and what it used.
    public let results: [ProcessResult]
    /// One of the two reached the limit, and the program was killed for that.
    public let isTruncated: Bool
    /// A program that was left behind still had a stream open when nobody waited for it any longer. It may have more to say.
    public let isCutOff: Bool

    /// Whether each command ended with status 0.
    public var isSuccess: Bool { results.allSatisfy(\.status.isSuccess) }

    /// - Throws: ``ProcessFailedError`` if a command's status is not 0, unless that is not to be checked.
    public func checkStatus() throws { try ProcessFailedError.check(results) }
}

extension Runnable {
    /// Runs the program and returns what it writes to standard output (row PR9).
    ///
    /// Parks the calling fiber until it has exited and its output has ended; but no longer than ``Command/patience`` after the
    /// exit if a program that it has left behind has the output open: ``capture(limit:)`` tells. If the fiber is interrupted
    /// meanwhile, the program is killed.
    ///
    /// - Parameter limit: The most bytes.
    /// - Returns: All of it; if the program fails, it is lost.
    /// - Throws: As ``run(from:to:errorsTo:)``; ``LimitExceededError`` if there is more, and then the program was killed.
    @available(*, noasync)
    public func output(limit: Int = .max) throws -> [UInt8] {
        let output = OutputCollector(limit)
        let (results, _) = try pipeline.runMovingBytes(from: nil, to: output, errorsTo: nil) { output.chain = $0 }
        guard !output.isTruncated else { throw LimitExceededError(limit: limit) }
        try ProcessFailedError.check(results)
        return output.bytes
    }

    /// Runs the program and returns all that it writes and how it ended. That it fails is no error.
    ///
    /// Parks the calling fiber as ``output(limit:)`` does. Output and errors are read at the same time, so that the program
    /// can write as much as it likes to either.
    ///
    /// - Parameter limit: The most bytes of output, and of errors. If there are more the program is killed.
    /// - Returns: What it wrote up to the limit, with flags if that is not all.
    /// - Throws: As ``run(from:to:errorsTo:)``, but no ``ProcessFailedError``.
    @available(*, noasync)
    public func capture(limit: Int = .max) throws -> CapturedOutput {
        let (output, errors) = (OutputCollector(limit), OutputCollector(limit))
        let (results, isCutOff) = try pipeline.runMovingBytes(from: nil, to: output, errorsTo: errors) {
            (output.chain, errors.chain) = ($0, $0)
        }
        return CapturedOutput(
            output: output.bytes, errors: errors.bytes, results: results,
            isTruncated: output.isTruncated || errors.isTruncated, isCutOff: isCutOff)
    }

    /// Runs the program and returns the lines that it writes to standard output, without their ends (row PR9).
    ///
    /// Parks the calling fiber as ``output(limit:)`` does.
    ///
    /// - Parameter limit: The most bytes of all lines.
    /// - Returns: What is no UTF-8 is replaced by U+FFFD.
    /// - Throws: As ``output(limit:)``.
    @available(*, noasync)
    public func lines(limit: Int = .max) throws -> [String] {
        Array(BufferedReader(MemoryStream(try output(limit: limit))).lines(limit: .max))
    }
}

/// Keeps what is written to it, up to a limit: beyond, the processes that write are killed.
private final class OutputCollector: ByteSink {
    private(set) var bytes: [UInt8] = []
    private(set) var isTruncated = false
    var chain: ProcessChain?
    private let limit: Int

    init(_ limit: Int) { self.limit = limit }

    func write(_ bytes: UnsafeRawBufferPointer) {
        let room = limit - self.bytes.count
        self.bytes.append(contentsOf: bytes.prefix(room))
        guard bytes.count > room else { return }
        isTruncated = true
        try? chain?.kill(.kill)
    }

    func write(gathering parts: [UnsafeRawBufferPointer]) { for part in parts { write(part) } }
}
