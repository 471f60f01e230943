// SPDX-License-Identifier: MIT
public import SystemPackage

/// How long a program whose streams were closed under it may take before it is told to end.
private let timeToNotice = Duration.seconds(2)

extension Runnable {
    /// Starts the program with its input, its output, or both in our hands (rows PR7, PR8).
    ///
    /// ```swift
    /// let sum = try Command("bc").open(.readWrite) { bc in
    ///     try bc.write("1 + 2\n")
    ///     return try BufferedReader(bc).readLine()
    /// }
    /// ```
    ///
    /// When `body` has returned, the program's input is closed, and this parks until it has exited. If `body` throws, its
    /// streams are closed; if it has not exited after two seconds, it is told to end, and after two more it is killed. If the
    /// fiber is interrupted, it is killed at once.
    ///
    /// - Parameters:
    ///   - mode: `.readOnly` for its output, `.writeOnly` for its input, `.readWrite` for both. What is not meant is inherited,
    ///     or as the commands say.
    ///   - body: Called when the program runs.
    /// - Returns: What `body` returns.
    /// - Throws: As ``Command/spawn()``; what `body` throws; ``IOError`` `EPIPE` if it left output unread;
    ///   ``ProcessFailedError`` if a command's status is not 0, unless that is not to be checked.
    @available(*, noasync)
    public func open<Result>(
        _ mode: FileDescriptor.AccessMode = .readOnly, _ body: (ProcessStream) throws -> Result
    ) throws -> Result {
        let stream = try pipeline.stream(mode)
        let chain = stream.processes
        let (result, results) = try stream.leavingOnError {
            let result = try body(stream)
            stream.closeWrite()
            let pumps = stream.output.map { [Pump(from: $0, to: UnreadOutput(of: pipeline))] } ?? []
            return (result, try chain.finish(pumps, patience: pipeline.patience).results)
        }
        try ProcessFailedError.check(results)
        return result
    }

    /// Runs the program and looks at each line of its output as it comes (row PR9).
    ///
    /// Parks the calling fiber until the output has ended and the program has exited. Otherwise as ``open(_:_:)``.
    ///
    /// - Parameters:
    ///   - limit: The most bytes of a line.
    ///   - body: Called with each line, without its end. It may park; the program waits meanwhile if it has much to say.
    /// - Throws: As ``open(_:_:)``; ``LimitExceededError``.
    @available(*, noasync)
    public func forEachLine(limit: Int = 65_536, _ body: (String) throws -> Void) throws {
        try open { stream in
            let reader = BufferedReader(stream)
            while let line = try reader.readLine(limit: limit) { try body(line) }
        }
    }
}

extension Pipeline {
    fileprivate func stream(_ mode: FileDescriptor.AccessMode) throws -> ProcessStream {
        let pipes = try RunPipes(input: mode != .readOnly, output: mode != .writeOnly, errors: false, of: self)
        return ProcessStream(try pipes.start(self), input: pipes.input, output: pipes.output)
    }
}

extension ProcessStream {
    /// No process is left behind if `body` throws, but the program may notice by itself that nobody listens any more.
    fileprivate func leavingOnError<Result>(_ body: () throws -> Result) throws -> Result {
        try processes.endingOnError {
            do {
                return try body()
            } catch let error where !(error is CancellationError || error is TimeoutError) {
                close()
                let hasNoticed = (try? withTimeout(timeToNotice) { try processes.wait() }) != nil
                if !hasNoticed { try processes.stop() }
                throw error
            }
        }
    }
}

/// Where output goes that should have been read before.
private final class UnreadOutput: ByteSink {
    private let subject: String

    init(of pipeline: Pipeline) { subject = pipeline.description }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        throw IOError(operation: "open", subject: subject, code: Errno.brokenPipe)
    }

    func write(gathering parts: [UnsafeRawBufferPointer]) throws { for part in parts { try write(part) } }
}
