// SPDX-License-Identifier: MIT
import SystemPackage

/// A program started by a ``Command``.
public final class ChildProcess: CustomStringConvertible {
    /// What was started.
    public let command: Command
    private let handle: ProcessHandle

    init(_ command: Command, standardOutput: CInt) throws {
        try command.validate()
        self.command = command
        handle = try ProcessHandle(
            program: command.program, arguments: command.arguments,
            environment: command.environment?.map { "\($0)=\($1)" }.sorted(),
            directory: command.workingDirectory?.string,
            standardStreams: (0, standardOutput, 2), subject: "\(command)")
    }

    /// The number the system gave the process; another process may get it once this one has exited.
    public var processID: Int { Int(handle.processID) }

    /// How the process ended; `nil` until the event loop has seen it.
    public var exitStatus: ExitStatus? { handle.exit.map(ExitStatus.init) }

    /// Whether the event loop has not yet seen the process exit.
    public var isRunning: Bool { exitStatus == nil }

    /// How the process ended (rows W8, PR10).
    ///
    /// Parks the calling fiber until it has; any number of fibers may wait, before the exit and after. A status other
    /// than 0 is no error.
    ///
    /// - Throws: `CancellationError` if the fiber is cancelled: the process goes on; ``ClosedError`` if the loop ended,
    ///   and with it the process.
    @available(*, noasync)
    @discardableResult
    public func wait() throws -> ExitStatus {
        ExitStatus(try handle.wait(subject: self))
    }

    /// Sends a signal. Never parks. Does nothing once the exit is known, so it never reaches another process.
    ///
    /// - Throws: ``IOError`` `EINVAL` for a number that is no signal; `EPERM` if the child runs as somebody else.
    public func kill(_ signal: Signal = .terminate) throws {
        try handle.kill(signal.rawValue)
    }

    /// Number, command and state.
    public var description: String {
        "child process \(processID) (\(command)), \(exitStatus.map { "\($0)" } ?? "running")"
    }

    /// As `wait`, but no child is left behind if that throws.
    func waitOrKill() throws -> ExitStatus { try killingOnError(wait) }

    func killingOnError<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            try? kill(.kill)
            _ = try? Fiber.shield { try wait() }
            throw error
        }
    }
}

/// How a process ended.
public enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
    /// It returned this status.
    case exited(Int)
    /// It was ended by this signal.
    case signaled(Signal)

    init(_ exit: ProcessHandle.Exit) {
        self = exit.signal == 0 ? .exited(Int(exit.status)) : .signaled(Signal(rawValue: exit.signal))
    }

    /// Whether the status is 0.
    public var isSuccess: Bool { self == .exited(0) }

    /// In words.
    public var description: String {
        switch self {
        case .exited(let status): "exited with status \(status)"
        case .signaled(let signal): "ended by \(signal)"
        }
    }

    func check(_ command: Command) throws(ProcessFailedError) {
        guard isSuccess else { throw ProcessFailedError(command: command, status: self) }
    }
}

/// A program ended with a status other than 0, or by a signal.
public struct ProcessFailedError: Error, CustomStringConvertible {
    /// What was run.
    public let command: Command
    /// How it ended.
    public let status: ExitStatus

    /// Names the command and how it ended.
    public var description: String { "failed process: \(command) \(status)" }
}

extension Command {
    /// The system would cut a string at a NUL character.
    fileprivate func validate() throws(ArgumentError) {
        guard !program.isEmpty else { throw ArgumentError("cannot spawn an empty command: name a program") }
        let variables = (environment ?? [:]).flatMap { [$0, $1] }
        let strings = [program, workingDirectory?.string ?? ""] + arguments + variables
        guard let bad = strings.first(where: { $0.utf8.contains(0) }) else { return }
        throw ArgumentError("cannot spawn \(program): \(bad.debugDescription) holds a NUL character")
    }
}
