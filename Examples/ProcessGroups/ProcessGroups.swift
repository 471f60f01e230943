// SPDX-License-Identifier: MIT
package import Fibers

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Runs programs, each in a process group of its own, and leaves nobody of a group behind, however that ends.
package final class ProcessGroups {
    /// How long a group may take to end once it was asked to.
    private let patience: Duration
    private var leaders: [ObjectIdentifier: ChildProcess] = [:]
    private var isKilling = false

    package init(patience: Duration) { self.patience = patience }

    /// Runs a program without input.
    ///
    /// Parks the calling fiber until the program has ended, with it all that it started in its group, and its output was read.
    /// If the fiber is cancelled, or reading fails, the group is asked to end, and killed if that takes too long.
    ///
    /// - Parameter read: Given what the program writes to its output and its errors. Runs in a fiber of its own, also while the
    ///   group ends.
    package func run(
        _ command: Command, reading read: @escaping (DescriptorStream) throws -> Void
    ) throws -> ExitStatus {
        let process = try command.with(\.processGroup, .own).with(\.standardInput, .null)
            .with(\.standardOutput, .pipe).with(\.standardError, .merged).spawn()
        leaders[ObjectIdentifier(process)] = process
        defer { leaders[ObjectIdentifier(process)] = nil }
        return try withFiberGroup(onFailure: .cancelOthers) { group in
            let reader = group.spawn(name: "output of \(command)") {
                guard let output = process.standardOutput else { return }
                do {
                    try read(output)
                } catch {
                    guard output.isClosed else { throw error }  // closed when nobody waits any longer
                }
            }
            let exit = Result { try process.wait() }
            try Fiber.shield {
                try end(process)
                try finish(reader, of: process)
            }
            return try exit.get()
        }
    }

    /// Kills all groups at once. Never parks.
    package func killAll() {
        isKilling = true
        for leader in leaders.values { send(.kill, toGroupOf: leader) }
    }

    /// Asks all of the group to end, and kills those that have not exited after a while.
    private func end(_ leader: ChildProcess) throws {
        guard !isGone(groupOf: leader) else { return }
        send(.terminate, toGroupOf: leader)
        _ = try timedWait(timeout: patience, pollInterval: .milliseconds(5)) { isKilling || isGone(groupOf: leader) }
        if !isGone(groupOf: leader) { send(.kill, toGroupOf: leader) }
        try leader.wait()
    }

    /// Somebody who has left the group may have its output open for ever, or nobody may take what is read.
    private func finish(_ reader: Fiber<Void>, of process: ChildProcess) throws {
        do {
            try withTimeout(patience) { try reader.waitUntilDone() }
        } catch is TimeoutError {
            process.standardOutput?.close()
            reader.cancel()
        }
    }
}

// MARK: Groups that outlive their leaders

extension ProcessGroups {
    /// Unlike `ChildProcess.kill`, also when the leader has exited. The number of a group is nobody else's while there is
    /// somebody in it.
    private func send(_ signal: Signal, toGroupOf leader: ChildProcess) {
        _ = kill(-pid_t(leader.processID), signal.rawValue)
    }

    /// Who has lost its parent is a child of ours if we are process 1, as in a container, and is there until it is waited for.
    private func isGone(groupOf leader: ChildProcess) -> Bool {
        guard !leader.isRunning else { return false }
        let group = -pid_t(leader.processID)
        while waitpid(group, nil, WNOHANG) > 0 {}
        return kill(group, 0) != 0 && errno == ESRCH
    }
}
