// SPDX-License-Identifier: MIT
import CFibers

/// All event loops of the process.
enum EventLoops {
    struct Member {
        let scheduler: Scheduler
        /// Larger for those that came later.
        let number: Int
        /// Ends a sleep.
        let alarm: Note
        /// Asks for a report of all fibers.
        let dump: Note
        /// See `Standstill`.
        var isQuiet = false
        /// For the root fiber.
        var deadlock: DeadlockError?
    }

    static let shortestPatience: UInt64 = 1_000_000

    struct Members {
        var bySchedulers: [UnsafeMutablePointer<fibers_scheduler>: Member] = [:]
        var newest = 0
        /// Nanoseconds until somebody looks again whether threads have ended of which nobody knew what they did.
        var patience = shortestPatience
        /// Threads without a loop that wait for loops to end, and so will wake nobody.
        var waitingThreads = 0

        /// The oldest first.
        var sorted: [Member] { bySchedulers.values.sorted { $0.number < $1.number } }

        subscript(scheduler: Scheduler) -> Member? {
            get { bySchedulers[scheduler.core] }
            set { bySchedulers[scheduler.core] = newValue }
        }
    }

    static let members = Locked(Members())

    static func add(_ scheduler: Scheduler) {
        let alarm = Note(for: scheduler.loop) {}
        let dump = Note(for: scheduler.loop) { scheduler.writeFibers() }
        members.withLock { members in
            members.newest += 1
            members[scheduler] = Member(scheduler: scheduler, number: members.newest, alarm: alarm, dump: dump)
        }
    }

    static func remove(_ scheduler: Scheduler) {
        let member = members.withLock { members in
            let member = members[scheduler]
            members[scheduler] = nil
            // The others may all be quiet, and did not find it out while this one was not.
            members.sorted.first { $0.isQuiet }?.alarm.send()
            return member
        }
        withExtendedLifetime(member) {}  // goes away outside of the lock
    }

    /// Releases a fiber that was retained on its thread there: what it returned or threw may belong to the thread. If its
    /// loop has ended, releases it here.
    static func letGo(_ fiber: Unmanaged<AnyFiber>) {
        let scheduler = fiber._withUnsafeGuaranteedRef { $0.record.scheduler }
        let isElsewhere = members.withLock { members in
            guard scheduler.core != fibers_scheduler_current(), let member = members[scheduler] else { return false }
            Note(for: member.scheduler.loop) { fiber.release() }.send()
            return true
        }
        if !isElsewhere { fiber.release() }
    }
}
