// SPDX-License-Identifier: MIT

/// How a process ended.
public enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
    /// It returned this status.
    case exited(Int)
    /// It was ended by this signal.
    case signaled(Signal)

    /// Whether the status is 0 (row PR4).
    public var isSuccess: Bool { self == .exited(0) }

    /// In words.
    public var description: String {
        switch self {
        case .exited(let status): "exited with status \(status)"
        case .signaled(let signal): "ended by \(signal)"
        }
    }
}

/// What a process used, with the children that it has waited for.
public struct ProcessUsage: Sendable, Hashable {
    /// Processor time in its own code.
    public let userTime: Duration
    /// Processor time in the system's.
    public let systemTime: Duration
    /// The most memory that it had at once, in bytes; as Linux counts, at least what this process had when it started it.
    public let peakMemory: Int
    /// From its start until the event loop saw its exit.
    public let wallTime: Duration
}

/// What there is to know of a process that has ended.
public struct ProcessResult: Sendable {
    /// What ran.
    public let command: Command
    /// How it ended.
    public let status: ExitStatus
    /// What it used.
    public let usage: ProcessUsage
}

/// A program ended with a status other than 0, or by a signal; of a ``Pipeline``, one or more.
public struct ProcessFailedError: Error, CustomStringConvertible {
    /// Those that failed, in the order of the pipeline; at least one.
    public let failures: [ProcessResult]

    /// The first one that failed.
    public var command: Command { failures[0].command }
    /// How that ended.
    public var status: ExitStatus { failures[0].status }

    /// Names each command that failed, and how it ended.
    public var description: String {
        let lines = failures.map { "\($0.command) \($0.status)" }
        return lines.count == 1 ? "failed process: \(lines[0])" : "failed processes: \(lines.joined(separator: "; "))"
    }

    /// Throws if a command failed whose status counts.
    static func check(_ results: [ProcessResult]) throws(ProcessFailedError) {
        let failures = results.filter { $0.command.checksStatus && !$0.status.isSuccess }
        if !failures.isEmpty { throw ProcessFailedError(failures: failures) }
    }
}
