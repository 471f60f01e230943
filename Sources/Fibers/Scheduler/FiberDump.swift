// SPDX-License-Identifier: MIT
import SystemPackage

extension EventLoop {
    /// Asks every event loop of the process, pools included, to write its fibers on standard error: a line for each, with its
    /// name, what it waits for and where it was spawned, in one piece per loop. For a watchdog, or a signal in a daemon.
    ///
    /// May be called from any thread, and never parks or blocks. A loop answers when it next looks at messages; one whose
    /// thread is busy in one fiber, or blocked, does not answer, and so is told by its silence.
    public static func dumpFibers() {
        for member in EventLoops.members.withLock({ $0.sorted }) { member.dump.send() }
    }
}

extension Scheduler {
    /// Writes all fibers on standard error.
    func writeFibers() {
        let fibers = unfinishedFibers().map(\.owner.report)
        let title = "event loop\(loop.worker.map { " of worker \($0.number)" } ?? ""), fibers: \(fibers.count)"
        let report = ([title] + fibers.map { "  \($0)" }).joined(separator: "\n") + "\n"
        _ = try? FileDescriptor.standardError.writeAll(report.utf8)
    }
}

extension AnyFiber {
    /// A line: which fiber, what it waits for, and where it comes from. It has not finished.
    var report: String {
        record.phase == .waiting ? record.scheduler.parkedFiber(record).description : "\(origin) is ready"
    }
}
