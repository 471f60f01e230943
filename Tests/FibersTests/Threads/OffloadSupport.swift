// SPDX-License-Identifier: MIT
import Dispatch
import Fibers
import Foundation
import Synchronization

/// A closure that ends when it is told to.
final class Job: Sendable {
    private let gate = DispatchSemaphore(value: 0)
    private let begun = WakeUp()
    private let ended = Atomic(false)

    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    func run() -> Int {
        begun.send()
        gate.wait()
        ended.store(true, ordering: .releasing)
        return 1
    }

    func open() { gate.signal() }

    func waitUntilBegun() throws { try begun.wait() }

    /// A fiber whose closure is running.
    func begin() throws -> Fiber<Int> {
        let fiber = Fiber.spawn { try offload { self.run() } }
        try waitUntilBegun()
        return fiber
    }
}

/// What happened on any thread. With a lock that the thread sanitizer knows, as it does not know `Mutex`.
final class Log: Sendable {
    private let lock = NSLock()
    nonisolated(unsafe) private var lines: [String] = []

    var entries: [String] { lock.withLock { lines } }

    func append(_ line: String) { lock.withLock { lines.append(line) } }
}

/// Logs whether it goes away on the thread that it was made for.
final class Traced: Sendable {
    private let log: Log
    let thread: ObjectIdentifier

    init(in log: Log, thread: ObjectIdentifier = currentThread()) {
        self.log = log
        self.thread = thread
    }

    deinit { log.append(thread == currentThread() ? "freed here" : "freed elsewhere") }
}

/// A fiber whose closure logs that it runs, and that it is freed.
@discardableResult
func spawnLogging(_ log: Log) -> Fiber<Void> {
    Fiber.spawn {
        let traced = Traced(in: log)
        try offload { [traced] in withExtendedLifetime(traced) { log.append("ran") } }
    }
}

/// Tells apart threads that are alive.
func currentThread() -> ObjectIdentifier { ObjectIdentifier(Thread.current) }
