// SPDX-License-Identifier: MIT
import CFibers

/// Finds deadlocks among the threads of the process.
///
/// A loop is quiet if no event from outside and no timer will wake a fiber of it. It says so before it sleeps, and takes it
/// back when it is awake, before it looks at its messages. So if all are quiet and none has a message, all of them sleep for
/// ever, unless a thread without a loop were there to wake one. Who is the last to become quiet finds that out, and may
/// look at the fibers of all: nobody else goes on without the lock.
enum Standstill {
    /// The scheduler's loop becomes quiet.
    static func begin(_ scheduler: Scheduler) {
        EventLoops.members.withLock { members in
            members[scheduler]?.isQuiet = true
            if isComplete(members) { report(to: &members) }
        }
    }

    /// The loop is awake. Returns the report if there was a deadlock.
    static func end(_ scheduler: Scheduler) -> DeadlockError? {
        EventLoops.members.withLock { members in
            defer { members[scheduler]?.deadlock = nil }
            members[scheduler]?.isQuiet = false
            return members[scheduler]?.deadlock
        }
    }

    private static func isComplete(_ members: EventLoops.Members) -> Bool {
        let all = members.bySchedulers.values
        return all.allSatisfy { $0.isQuiet && !$0.scheduler.loop.hasMessages } && !hasOtherThreads(all.count)
    }

    /// Whether the process has threads of which nobody knows what they do.
    private static func hasOtherThreads(_ count: Int) -> Bool {
        fibers_thread_count() > count + fibers_pool_thread_count()
    }

    /// Tells the root fibers of all loops but those of workers, which only wait for something to do.
    private static func report(to members: inout EventLoops.Members) {
        let error = DeadlockError(fibers: members.sorted.flatMap { $0.scheduler.parkedFibers() })
        for member in members.sorted where member.scheduler.loop.worker == nil {
            members[member.scheduler]?.deadlock = error
            member.alarm.send()
        }
    }
}

extension Scheduler {
    /// Sleeps when no event from outside will come: a fiber of another thread may still wake one of this.
    func waitForOtherThreads(atMost rest: UInt64) {
        if loop.hasMessages { return turn(timeout: 0) }
        if core.pointee.shared_waits == 0 || loop.isIsolated {
            return root.interrupt(throwing: DeadlockError(fibers: parkedFibers()))
        }
        Standstill.begin(self)
        loop.sleep(atMost: rest)
        if let report = Standstill.end(self) { root.interrupt(throwing: report) }
    }
}
