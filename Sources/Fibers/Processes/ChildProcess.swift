// SPDX-License-Identifier: MIT

/// A program started by a ``Command``.
public final class ChildProcess: CustomStringConvertible {
    /// What was started.
    public let command: Command
    /// What is written here is the child's input; `nil` unless the command says ``Command/Input/pipe``.
    public let standardInput: DescriptorStream?
    /// The child's output; `nil` unless the command says ``Command/Output/pipe``.
    public let standardOutput: DescriptorStream?
    /// What the child writes to standard error; `nil` unless the command says ``Command/Output/pipe``.
    public let standardError: DescriptorStream?
    /// Our side of the child's terminal; `nil` unless the command gives it one.
    public let terminal: PseudoTerminal?
    private let handle: ProcessHandle

    init(_ command: Command, defaults: StreamTriple) throws {
        self.command = command
        let entries = try command.validatedEntries()
        let streams = try ChildStreams(of: command, defaults: defaults)
        defer { streams.theirs.close() }
        handle = try ProcessHandle(command.plan(streams, entries), subject: command.program.description)
        (standardOutput, standardError, terminal) = (streams.output, streams.error, streams.terminal)
        guard case .bytes(let bytes) = command.standardInput, let input = streams.input else {
            standardInput = streams.input
            return
        }
        standardInput = nil
        handle.input = input
        Fiber.spawn(name: "input of \(command)") { try? input.feed(bytes) }
    }

    /// The number the system gave the process; another process may get it once this one has exited.
    public var processID: Int { Int(handle.processID) }

    /// How the process ended; `nil` until the event loop has seen it (rows PR12, PR13).
    public var exitStatus: ExitStatus? { result?.status }

    /// How the process ended and what it used; `nil` until the event loop has seen the exit.
    public var result: ProcessResult? {
        guard case .success(let exit) = handle.exit else { return nil }
        return result(exit)
    }

    /// Whether the event loop has not yet seen the process exit.
    public var isRunning: Bool { handle.isRunning }

    /// How the process ended (rows W8, PR10).
    ///
    /// Parks the calling fiber until it has; any number of fibers may wait, before the exit and after. A status other
    /// than 0 is no error. What the process has started may live on, and have its streams open.
    ///
    /// - Throws: `CancellationError` if the fiber is cancelled: the process goes on; ``ClosedError`` if the loop ended,
    ///   and with it the process; ``IOError`` `ECHILD` if other code of this program took the status away, by waiting for
    ///   any child, or by ignoring SIGCHLD.
    @available(*, noasync)
    @discardableResult
    public func wait() throws -> ExitStatus { try waitForResult().status }

    func waitForResult() throws -> ProcessResult { result(try handle.wait(subject: self)) }

    private func result(_ exit: ProcessHandle.Exit) -> ProcessResult {
        ProcessResult(command: command, status: exit.status, usage: exit.usage)
    }

    /// Sends a signal (row PR11). Never parks. Does nothing once the exit is known, so it never reaches another process.
    ///
    /// - Parameters:
    ///   - signal: What the process gets.
    ///   - wholeGroup: Sends it to all of the process's group.
    /// - Throws: ``IOError`` `EINVAL` for a number that is no signal; `EPERM` if the child runs as somebody else;
    ///   ``ArgumentError`` if the group is meant, and the process has none of its own.
    public func kill(_ signal: Signal = .terminate, wholeGroup: Bool = false) throws {
        guard leadsGroup || !wholeGroup else {
            throw ArgumentError("\(command) is in our own process group: give it one by its command's processGroup")
        }
        try handle.kill(signal.rawValue, wholeGroup: wholeGroup)
    }

    /// Command, number and state (row PR17).
    public var description: String {
        let state = exitStatus.map { "\($0)" } ?? (isRunning ? "running" : "ended unseen")
        return "child process \(processID) (\(command)), \(state)"
    }

    /// Ends the process, with its group if it has one of its own.
    ///
    /// Asks it to, by SIGTERM, and lets it clean up; if it has not exited after a while, kills it. Whoever is left of the group
    /// when the process itself has exited is killed. Parks the calling fiber
    /// until it has exited. If the fiber is interrupted meanwhile, the process is killed at once.
    ///
    /// - Parameter patience: How long it may take.
    /// - Returns: How it ended.
    /// - Throws: As ``wait()``; ``IOError`` `EPERM` if the child runs as somebody else.
    @available(*, noasync)
    @discardableResult
    public func stop(graceful patience: Duration = .seconds(2)) throws -> ExitStatus {
        try ProcessChain([self]).stop(graceful: patience)[0].status
    }

    /// From now on, nobody in its group outlives it, if that is its own.
    func endsGroup() { handle.endsGroup = handle.hasGroup }

    /// It is in a group of its own, whose signals are meant for it.
    var leadsGroup: Bool { handle.hasGroup }
}
