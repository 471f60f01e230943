// SPDX-License-Identifier: MIT

/// A fiber that was waited for has failed (Julia's `TaskFailedException`).
///
/// `@unchecked Sendable`: the fiber has finished, and nothing in a finished fiber ever changes, but for the flag that its
/// failure was observed, which is set before this error is made.
public struct FiberFailedError: Error, CustomStringConvertible, @unchecked Sendable {
    /// The fiber that failed.
    public let fiber: AnyFiber
    /// What its body threw.
    public let error: any Error

    /// The error at the end of the chain, when fibers waited for fibers that waited for the one that failed. Of a
    /// ``CompositeError`` in the chain, the first error counts.
    public var rootCause: any Error { Fibers.rootCause(of: error) }

    /// Names the fiber, where it was spawned, and its error; if that holds others, each fiber on a line of its own, indented
    /// below the one that waited for it, and the root cause last (row X1).
    public var description: String { ErrorTree.description(of: self) }
}

/// A call that can never be right, such as waiting for oneself (Julia's `ConcurrencyViolationError`).
public struct ConcurrencyViolationError: Error, CustomStringConvertible {
    /// What was wrong.
    public let message: String

    init(_ message: String) { self.message = message }

    /// The message.
    public var description: String { message }
}

/// An argument that names no possible wait, such as a negative duration. The message names the value and the fix.
public struct ArgumentError: Error, CustomStringConvertible {
    /// What was wrong.
    public let message: String

    package init(_ message: String) { self.message = message }

    /// The message.
    public var description: String { message }
}

/// A fiber could not be started, because the guards of so many stacks would use up the memory mappings of the process.
///
/// Happens on kernels before Linux 6.13 only, where each guard costs a mapping.
public struct StackLimitError: Error, CustomStringConvertible {
    /// How many stacks the process may have.
    public let limit: Int

    /// Names the limit and the two ways out.
    public var description: String {
        "cannot start another fiber: \(limit) stacks is as many as the limit on memory mappings allows; raise it with "
            + "sysctl vm.max_map_count, or use Linux 6.13 or later"
    }
}
