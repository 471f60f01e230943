// SPDX-License-Identifier: MIT
import Dispatch
import Fibers
import Foundation

/// Lets the pools of this process have so many workers. For a process of its own, before they are used.
func setPoolSizes(_ sizes: String) { setenv("FIBERS_THREADS", sizes, 1) }

/// Where one thread blocks until another lets it go on.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() { semaphore.signal() }

    func wait() { semaphore.wait() }
}

/// A fiber on some worker that is parked, or soon is, until it is interrupted.
func spawnParked(
    on pool: Threads.Pool = .default, atEnd: @escaping @Sendable () -> Void = {}
) throws -> Threads.Fiber<Void> {
    let hasBegun = Gate()
    let fiber = try Threads.spawn(on: pool) {
        defer { atEnd() }
        hasBegun.open()
        try Fiber.park()
    }
    hasBegun.wait()
    return fiber
}

/// What the body of the fiber threw, once it has finished; `nil` if it returned.
func cause<Result>(of fiber: Threads.Fiber<Result>) -> (any Error)? {
    (failure { try inFiber { try fiber.wait() } } as? FiberFailedError)?.error
}

/// Threads of the process; 0 where the system does not say.
func threadCount() -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
}

/// Whether the process comes to have as many threads: the system counts one that was joined for a moment longer.
func hasThreads(_ count: Int) -> Bool {
    let limit = ContinuousClock.now + .seconds(20)
    while threadCount() != count, ContinuousClock.now < limit { sched_yield() }
    return threadCount() == count
}

/// For what a process says before it ends.
func writeError(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
