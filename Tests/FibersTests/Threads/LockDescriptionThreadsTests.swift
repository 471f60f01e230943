// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// What a thread says of a lock is no reason to keep a fiber of another.
@Suite struct LockDescriptionThreadsTests {
    @Test(.timeLimit(.minutes(1)))
    func `a fiber goes away on its thread, though others ask who holds its lock`() throws {
        try inFiber {
            // So long a name that to write it takes as long as it takes a fiber to end.
            let lock = ReentrantLock(name: String(repeating: "lock", count: 10_000))
            let (isDone, hasMoved) = (Flag(), Flag())
            let holders = try Threads.spawn(on: .interactive) {
                for _ in 0..<1000 {
                    Fiber.spawn { try lock.withLock { try (Fiber.yield(), Resident(hasMoved: hasMoved)) } }
                    try Fiber.yield()
                }
                isDone.set()
            }
            while !isDone.isSet { _ = "\(lock)" }
            try holders.wait()
            #expect(!hasMoved.isSet)
        }
    }
}
