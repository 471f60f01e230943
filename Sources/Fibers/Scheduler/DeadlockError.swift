// SPDX-License-Identifier: MIT

/// Nothing can ever run again: every fiber is parked, and no timer, descriptor, process or other thread could wake one.
///
/// What several threads may share could be used by any thread. So a wait for such a thing is a deadlock only if all threads
/// of the process run event loops and all of them wait so, or if the loop is isolated: ``EventLoop/run(isolated:_:)``.
///
/// Thrown out of the wait of the root fiber; among several threads, of the root fiber of each loop but the pools'. The description lists every parked fiber with its name, what it waits for
/// and where it was spawned.
public struct DeadlockError: Error, CustomStringConvertible {
    /// One parked fiber.
    public struct ParkedFiber: Sendable, CustomStringConvertible {
        /// The fiber's name, or its number if it has none.
        public let name: String
        /// Completes the sentence "the fiber waits …".
        public let waitsFor: String
        /// Where the fiber was spawned, as `module/file:line`; `nil` for the root fiber.
        public let spawnedAt: String?

        /// One line.
        public var description: String {
            "fiber \(name) waits \(waitsFor)" + (spawnedAt.map { ", spawned at \($0)" } ?? "")
        }
    }

    /// The parked fibers in the order in which they were made.
    public let fibers: [ParkedFiber]

    /// The report, a line for each fiber.
    public var description: String {
        let lines = fibers.map { "  \($0)" }
        return (["deadlock: nothing can ever run again. \(fibers.count) parked:"] + lines).joined(separator: "\n")
    }
}

extension Scheduler {
    /// Every parked fiber, the oldest first. O(*n* log *n*).
    func parkedFibers() -> [DeadlockError.ParkedFiber] {
        unfinishedFibers().filter { $0.phase == .waiting && $0.reason != .job }.map(parkedFiber)
    }

    func parkedFiber(_ record: FiberRecord) -> DeadlockError.ParkedFiber {
        DeadlockError.ParkedFiber(
            name: record.owner.label,
            waitsFor: record.reason.description(subject: record.subject),
            spawnedAt: record == root ? nil : String(describing: record.owner.site))
    }
}
