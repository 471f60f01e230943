// SPDX-License-Identifier: MIT

/// What a parked fiber waits for.
package enum WaitReason: UInt8 {
    case explicitSchedule
    case fiber
    case condition
    case drain
    case turnToWrite
    case turnToRead
    case streamInput
    case streamRoom
    case produce
    case consume
    case event
    case semaphore
    case lock
    case sharedCondition
    case put
    case take
    case fetch
    case element
    case job
    case thread
    case sleep
    case tick
    case readable
    case writable
    case descriptor
    case processExit
    case nameLookup
    case signal
    case wakeUp
    case idle
    case offload
    case change
    case file

    /// Whether a fiber of another thread may end the wait. The subject of such a wait is `Shared`.
    var isShared: Bool {
        @inline(__always) get { rawValue >= WaitReason.event.rawValue && !isExternal }
    }

    /// Whether an event from outside, and not another fiber, ends the wait. While such a wait is left there is no
    /// deadlock.
    var isExternal: Bool {
        @inline(__always) get { rawValue >= WaitReason.sleep.rawValue }
    }

    /// Whether a fiber that waits so counts as merely available (row ST1).
    var isRunnable: Bool { self == .explicitSchedule || self == .produce }

    /// Completes the sentence "waits …"; `subject` is the object waited for.
    func description(subject: AnyObject?) -> String {
        switch self {
        case .explicitSchedule: "to be scheduled (Fiber.park)"
        case .fiber: "for \(named(subject, else: "a fiber"))"
        case .condition: "for \(named(subject, else: "a condition"))"
        case .event: "for \(named(subject, else: "an event"))"
        case .semaphore: "for a permit of \(named(subject, else: "a semaphore"))"
        case .lock: "for \(named(subject, else: "a lock"))"
        case .drain: "for all other fibers to end"
        case .turnToWrite: "for its turn to write to \(named(subject, else: "a stream"))"
        case .turnToRead: "for its turn to read from \(named(subject, else: "a stream"))"
        case .streamInput: "for input from \(named(subject, else: "a stream"))"
        case .streamRoom: "for room to write to \(named(subject, else: "a stream"))"
        case .sharedCondition: "for \(named(subject, else: "a condition"))"
        case .job: "for a fiber to run"
        case .put: "to put into \(named(subject, else: "a channel"))"
        case .take: "to take from \(named(subject, else: "a channel"))"
        case .fetch: "to fetch from \(named(subject, else: "a channel"))"
        case .element: "for something to take from \(named(subject, else: "a channel"))"
        case .produce: "for somebody to consume from \(named(subject, else: "a producer"))"
        case .consume: "to consume from \(named(subject, else: "a producer"))"
        case .sleep: "for a timer"
        case .readable: "for input"
        case .writable: "for room to write"
        case .tick: "for a tick of \(named(subject, else: "a ticker"))"
        case .descriptor: "for a descriptor to be ready"
        case .change: "for a change of \(named(subject, else: "a file"))"
        case .processExit: "for \(named(subject, else: "a child process")) to exit"
        case .nameLookup: "for a name to be resolved"
        case .signal: "for a signal"
        case .wakeUp: "for a wake-up from another thread"
        case .thread: "for \(named(subject, else: "a fiber")) of another thread"
        case .idle: "for the other fibers of its thread to have nothing to do"
        case .offload: "for offloaded work"
        case .file: "for a file"
        }
    }

    private func named(_ subject: AnyObject?, else text: String) -> String {
        subject.map { String(describing: $0) } ?? text
    }
}
