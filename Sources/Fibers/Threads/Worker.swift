// SPDX-License-Identifier: MIT

/// A thread of a pool, with a scheduler and an event loop of its own.
final class Worker: Sendable {
    /// From 1.
    let number: Int
    /// What its fibers spawn into.
    let pools: WorkerPools

    private struct State {
        var thread: SystemThread?
        /// Ends the sleep of the root fiber; there is one as soon as the loop is up.
        var wakeUp: WakeUp?
        /// Why the loop could not come up.
        var failure: (any Error)?
    }

    private let state = Locked(State())
    private let hasStarted = Latch()
    private let hasEnded = Latch()

    init(number: Int, in pools: WorkerPools) {
        self.number = number
        self.pools = pools
    }

    /// The one whose thread this is; `nil` on any other thread.
    static var current: Worker? { Scheduler.isRunning ? Scheduler.current.loop.worker : nil }

    /// Starts the thread, whose loop has `body` as its root fiber.
    func start(_ body: @escaping @Sendable () -> Void) throws(IOError) {
        let thread = try SystemThread.start { [self] in
            run(body)
            hasEnded.open()
        }
        state.withLock { $0.thread = thread }
    }

    /// Blocks the calling thread until the loop is up. Throws if it could not come up.
    func waitUntilStarted() throws {
        hasStarted.wait()
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// Parks the root fiber until somebody calls `wakeUp`; returns at once if somebody has since the last sleep.
    func sleep() throws { try state.withLock { $0.wakeUp }?.wait(for: .job) }

    /// May be called from any thread.
    func wakeUp() { state.withLock { $0.wakeUp }?.send() }

    /// Blocks the calling thread until this one has ended, or until `deadline`. Returns at once if it could not be started.
    /// A worker does not wait for itself.
    func join(until deadline: LoopClock.Instant?) {
        guard Worker.current !== self, isStarted, hasEnded.wait(until: deadline) else { return }
        let thread = state.withLock { state in
            defer { state.thread = nil }
            return state.thread
        }
        thread?.join()
    }

    private var isStarted: Bool { state.withLock { $0.thread != nil } }

    private func run(_ body: () -> Void) {
        let scheduler: Scheduler
        do { scheduler = try Scheduler.start() } catch {
            state.withLock { $0.failure = error }
            return hasStarted.open()
        }
        defer { scheduler.end() }
        scheduler.loop.worker = self
        let wakeUp = WakeUp()
        state.withLock { $0.wakeUp = wakeUp }
        hasStarted.open()
        body()
    }
}
