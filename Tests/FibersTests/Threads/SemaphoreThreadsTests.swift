// SPDX-License-Identifier: MIT
@testable import Fibers
import Synchronization
import Testing

/// Semaphores that several threads share.
@Suite(.timeLimit(.minutes(1))) struct SemaphoreThreadsTests {
    @Test(arguments: [2, 3])
    func `SM1: never more fibers than there are permits are inside, over all threads`(permits: Int) throws {
        try inFiber {
            let semaphore = Semaphore(permits)
            let inside = Atomic(0)
            let most = Atomic(0)
            _ = try onThreeThreads { _ in
                let fibers = (0..<5).map { _ in
                    Fiber.spawn {
                        for _ in 0..<50 {
                            try semaphore.withPermit {
                                let (_, count) = inside.add(1, ordering: .relaxed)
                                most.max(count, ordering: .relaxed)
                                try Fiber.yield()
                                inside.subtract(1, ordering: .relaxed)
                            }
                        }
                    }
                }
                try waitAll(fibers)
            }
            #expect(most.load(ordering: .relaxed) <= permits)
            #expect("\(semaphore)" == "Semaphore (\(permits) of \(permits) free)")
        }
    }

    @Test func `SM2: who has the only permit is alone, and sees what those before did`() throws {
        try inFiber {
            let (semaphore, count) = (Semaphore(1), Plain(0))
            _ = try onThreeThreads { _ in
                for _ in 0..<1000 { try semaphore.withPermit { count.value += 1 } }
            }
            #expect(count.value == 3000)
        }
    }

    @Test
    func `SM4: permits belong to nobody: one thread releases what another has acquired, first come, first served`()
        throws
    {
        try inFiber {
            let semaphore = Semaphore(1)
            try Threads.spawn(semaphore.acquire).wait()
            #expect(!semaphore.acquireIfAvailable())
            var waiters: [Threads.Fiber<Void>] = []
            for number in 0..<4 {
                try waiters.append(Threads.spawn(on: pools[number % 2], semaphore.acquire))
                try awaitWaiters(number + 1, of: semaphore)
            }
            for number in 0..<4 {
                semaphore.release()
                try waiters[number].wait()
                #expect(waiters.count(where: \.isDone) == number + 1)
            }
        }
    }

    @Test func `SM2: waits that are cut on all threads lose no permit`() throws {
        try inFiber {
            let semaphore = Semaphore(2)
            _ = try onThreeThreads { number in
                let fiber = Fiber.spawn {
                    var cuts = 0
                    for _ in 0..<1000 {
                        try repeating(&cuts, semaphore.acquire)
                        _ = try? Fiber.yield()
                        semaphore.release()
                    }
                }
                try cutWaits(of: fiber, seed: UInt64(number))
            }
            #expect("\(semaphore)" == "Semaphore (2 of 2 free)")
        }
    }
}
