// SPDX-License-Identifier: MIT
import CFibers

/// Finds deadlocks among the threads of the process.
///
/// A loop is quiet if no event from outside and no timer will wake a fiber of it. It says so before it sleeps, and takes it
/// back when it is awake, before it looks at its messages. So if all are quiet and none has a message, all of them sleep for
/// ever, unless a thread without a loop were there to wake one. Who is the last to become quiet finds that out, and may
/// look at the fibers of all: nobody else goes on without the lock.
enum Standstill {
    /// The scheduler's loop becomes quiet. Returns for how many nanoseconds it may sleep.
    static func begin(_ scheduler: Scheduler) -> UInt64 {
        EventLoops.members.withLock { members in
            members[scheduler]?.isQuiet = true
            return reportIfComplete(&members)
        }
    }

    /// The calling thread, which has no loop, waits in `body` for loops to end.
    static func duringWait(_ body: () -> Void) {
        EventLoops.members.withLock { members in
            members.waitingThreads += 1
            reportIfComplete(&members)
        }
        defer { EventLoops.members.withLock { $0.waitingThreads -= 1 } }
        body()
    }

    /// The loop is awake. Returns the report if there was a deadlock.
    static func end(_ scheduler: Scheduler) -> DeadlockError? {
        EventLoops.members.withLock { members in
            defer { members[scheduler]?.deadlock = nil }
            members[scheduler]?.isQuiet = false
            return members[scheduler]?.deadlock
        }
    }

    /// Tells the root fibers of all loops; but not those of workers that only wait for something to do. Where only threads
    /// without a loop are in doubt, returns when to look again: they may have ended.
    @discardableResult
    private static func reportIfComplete(_ members: inout EventLoops.Members) -> UInt64 {
        guard members.bySchedulers.values.allSatisfy({ $0.isQuiet && !$0.scheduler.loop.hasMessages }) else {
            members.patience = EventLoops.shortestPatience
            return .max
        }
        guard !hasOtherThreads(members) else {
            defer { members.patience = min(members.patience * 2, 1_000_000_000) }
            return members.patience
        }
        let error = DeadlockError(fibers: members.sorted.flatMap { $0.scheduler.parkedFibers() })
        for member in members.sorted where member.scheduler.loop.worker == nil || member.scheduler.isEnding {
            members[member.scheduler]?.deadlock = error
            member.alarm.send()
        }
        return .max
    }

    /// Whether the process has threads of which nobody knows what they do.
    private static func hasOtherThreads(_ members: EventLoops.Members) -> Bool {
        fibers_thread_count() > members.bySchedulers.count + members.waitingThreads + fibers_pool_thread_count()
    }
}

extension Scheduler {
    /// Sleeps when no event from outside will come: a fiber of another thread may still wake one of this.
    func waitForOtherThreads(atMost rest: UInt64) {
        if loop.hasMessages { return turn(timeout: 0) }
        if core.pointee.shared_waits == 0 || loop.isIsolated {
            return root.interrupt(throwing: DeadlockError(fibers: parkedFibers()))
        }
        let patience = Standstill.begin(self)
        loop.sleep(atMost: min(rest, patience))
        if let report = Standstill.end(self) { root.interrupt(throwing: report) }
    }
}
