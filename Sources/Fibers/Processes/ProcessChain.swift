// SPDX-License-Identifier: MIT

/// The processes of a ``Pipeline``, in its order.
public struct ProcessChain {
    /// At least one.
    public let processes: [ChildProcess]

    init(_ processes: [ChildProcess]) { self.processes = processes }

    /// Whether the event loop has not yet seen all of them exit (row PR12).
    public var isRunning: Bool { processes.contains { $0.isRunning } }

    /// Parks the calling fiber until all have exited.
    ///
    /// - Returns: How each ended, and what it used.
    /// - Throws: As ``ChildProcess/wait()``.
    @available(*, noasync)
    @discardableResult
    public func wait() throws -> [ProcessResult] {
        try processes.map { try $0.waitForResult() }
    }

    /// Sends a signal to each that has not exited. Never parks.
    ///
    /// - Throws: As ``ChildProcess/kill(_:wholeGroup:)``, when all were tried.
    public func kill(_ signal: Signal = .terminate) throws {
        let attempts = processes.map { process in Result { try process.kill(signal, wholeGroup: process.leadsGroup) } }
        for attempt in attempts { try attempt.get() }
    }

    /// Ends all: asks them to, and kills those that have not exited after a while. What is left then of the group of one that
    /// leads its own is killed. Parks the calling fiber until they have exited.
    ///
    /// - Parameter patience: How long they may take.
    /// - Returns: How each ended, and what it used.
    /// - Throws: As ``ChildProcess/stop(graceful:)``.
    @available(*, noasync)
    @discardableResult
    public func stop(graceful patience: Duration = .seconds(2)) throws -> [ProcessResult] {
        for process in processes { process.endsGroup() }
        try kill(.terminate)
        return try endingOnError {
            do { return try withTimeout(patience) { try wait() } } catch is TimeoutError { return try end() }
        }
    }

    /// Kills all, and parks until they have exited, whatever is thrown into the calling fiber meanwhile. If one may not be
    /// killed it is not waited for.
    @discardableResult
    func end() throws -> [ProcessResult] {
        for process in processes { process.endsGroup() }
        try kill(.kill)
        return try Fiber.shield { try wait() }
    }

    /// No process is left behind if `body` throws.
    func endingOnError<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            _ = try? end()
            throw error
        }
    }
}
