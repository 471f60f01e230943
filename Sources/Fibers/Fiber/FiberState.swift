// SPDX-License-Identifier: MIT

/// The five states of Julia's manual (version 0.4, "Task operations").
public enum FiberState: String, Sendable, CustomStringConvertible {
    /// Running, or available to be scheduled: new, or parked in ``Fiber/park()`` or in
    /// ``Producer/produce(_:)``.
    case runnable
    /// Parked until something particular happens.
    case waiting
    /// In the run queue.
    case queued
    /// Its body returned.
    case done
    /// Its body threw.
    case failed

    /// The name that Julia gives the state.
    public var description: String { rawValue }
}
