// SPDX-License-Identifier: MIT

/// What can be run: a ``Command`` or a ``Pipeline``.
public protocol Runnable: Sendable, CustomStringConvertible {
    /// What runs.
    var pipeline: Pipeline { get }
}

extension Runnable {
    /// Runs the program, and looks at how it ended (row PR1).
    ///
    /// Parks the calling fiber until it has exited. If the fiber is interrupted meanwhile, the program is killed, with its group
    /// if it has one of its own. With streams, fibers of this call move the bytes (row PR6), all of them before this
    /// returns; but what programs that it has left behind write is waited for no longer than ``Command/patience``. What was
    /// read from `input` and the program did not read is lost.
    ///
    /// - Parameters:
    ///   - input: What the program reads, unless its command says otherwise.
    ///   - output: Gets what the program writes, likewise.
    ///   - errors: Gets what the program writes to standard error, likewise.
    /// - Throws: As ``Command/spawn()``; ``ProcessFailedError`` if a command's status is not 0, unless that is not to be
    ///   checked; `CancellationError` if the fiber is cancelled; what a stream throws, which ends the program;
    ///   ``ArgumentError`` if a command has a stream ``Command/Output/pipe`` or a terminal, which nobody could read or write.
    @available(*, noasync)
    public func run(
        from input: (any ByteStream)? = nil, to output: (any ByteSink)? = nil, errorsTo errors: (any ByteSink)? = nil
    ) throws {
        let (results, _) = try pipeline.runMovingBytes(from: input, to: output, errorsTo: errors)
        try ProcessFailedError.check(results)
    }

    /// Whether the program ends with status 0, as each command of a pipeline must (row PR4). Parks until it has exited.
    ///
    /// - Throws: As ``run(from:to:errorsTo:)``, but no ``ProcessFailedError``.
    @available(*, noasync)
    public func succeeds() throws -> Bool {
        try pipeline.runMovingBytes(from: nil, to: nil, errorsTo: nil).results.allSatisfy(\.status.isSuccess)
    }
}
