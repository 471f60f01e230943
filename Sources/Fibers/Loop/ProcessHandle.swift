// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A child process. Keeps itself alive until it has seen the exit, so that no child becomes a zombie.
///
/// On Linux, a descriptor stands for the process, which nobody else can get: the loop polls it. Elsewhere the loop watches
/// for the signal that a child has ended.
final class ProcessHandle: LoopHandle {
    struct Exit {
        let status: ExitStatus
        let usage: ProcessUsage
    }

    let processID: CInt
    private let subject: String
    private let descriptor: CInt
    /// It leads a process group.
    let hasGroup: Bool
    private let waiters: WaitQueue
    /// Is fed. What the process has not taken when it exits, it does not want.
    var input: DescriptorStream?
    /// Whoever is left of the process's group when it exits is killed.
    var endsGroup = false
    private let start = LoopClock.now
    /// Known once the loop has seen the exit: how the process ended, or that somebody else has reaped it.
    private(set) var exit: Result<Exit, IOError>?

    /// Starts the program. Blocks the thread until it runs, or cannot.
    init(_ plan: SpawnPlan, subject: String) throws(IOError) {
        let outcome = try plan.start(subject)
        waiters = WaitQueue()  // not before: there is no deinit to destroy it where an initialiser has thrown
        self.subject = subject
        processID = outcome.id
        descriptor = outcome.descriptor
        hasGroup = plan.hasGroup
        super.init(loop: .current)
        do throws(IOError) { try watch() } catch {
            endProcess()
            throw error
        }
        _ = Unmanaged.passRetained(self)
    }

    deinit {
        if descriptor >= 0 { _ = fibers_close(descriptor) }
        waiters.destroy()
    }

    private func watch() throws(IOError) {
        #if os(Linux)
            try open("watch", subject) { loop, owner, code in
                let handle = fibers_poll_create(loop, descriptor, owner, descriptorDidBecomeReadable, &code)
                if let handle { code = fibers_poll_arm(handle, fibers_poll_readable) }
                return handle
            }
        #else
            try open("watch", subject) { loop, owner, code in
                fibers_signal_create(loop, SIGCHLD, false, owner, childDidChange, &code)
            }
            lookForExit()  // it may have come before the watch
        #endif
    }

    /// Parks the calling fiber until the process has exited.
    func wait(subject: AnyObject) throws -> Exit {
        if exit == nil, handle != nil { try waiters.wait(for: .processExit, subject: subject) }
        guard let exit else { throw ClosedError(subject: self.subject) }
        return try exit.get()
    }

    var isRunning: Bool { exit == nil && handle != nil }

    /// Sends a signal. Does nothing if the exit is known, so that it never reaches a stranger.
    func kill(_ signal: CInt, wholeGroup: Bool) throws(IOError) {
        guard exit == nil, handle != nil else { return }
        let result = fibers_process_kill(processID, descriptor, wholeGroup, signal)
        if errno(of: result) != .noSuchProcess { try check(result, "kill", subject) }
    }

    /// The group cannot be another's as long as the process was not reaped.
    fileprivate func lookForExit() {
        if endsGroup { _ = fibers_process_kill(processID, descriptor, true, SIGKILL) }
        var end = fibers_process_end()
        let result = fibers_process_reap(processID, descriptor, &end)
        guard result != 0 else { return }
        exit =
            result > 0
            ? .success(Exit(end, wallTime: start.duration(to: LoopClock.now)))
            : .failure(IOError(operation: "wait for", subject: subject, code: result))
        waiters.wakeAll()
        input?.close()
        close()
    }

    /// Ends a process that still runs: no child outlives its loop.
    override func close() {
        guard handle != nil else { return }
        super.close()
        if exit == nil { endProcess() }
        waiters.interruptAll(throwing: ClosedError(subject: subject))
        Unmanaged.passUnretained(self).release()
    }

    private func endProcess() { fibers_process_destroy(processID, descriptor, hasGroup) }
}

extension ProcessHandle.Exit {
    fileprivate init(_ end: fibers_process_end, wallTime: Duration) {
        status = end.signal == 0 ? .exited(Int(end.status)) : .signaled(Signal(rawValue: end.signal))
        usage = ProcessUsage(
            userTime: .nanoseconds(end.user_nanoseconds), systemTime: .nanoseconds(end.system_nanoseconds),
            peakMemory: Int(end.peak_bytes), wallTime: wallTime)
    }
}

#if os(Linux)
    private func descriptorDidBecomeReadable(_ owner: UnsafeMutableRawPointer?, _ status: CInt, _ events: CInt) {
        Unmanaged<ProcessHandle>.fromOpaque(owner.unsafelyUnwrapped).takeUnretainedValue().lookForExit()
    }
#else
    private func childDidChange(_ owner: UnsafeMutableRawPointer?, _ signal: CInt) {
        Unmanaged<ProcessHandle>.fromOpaque(owner.unsafelyUnwrapped).takeUnretainedValue().lookForExit()
    }
#endif
