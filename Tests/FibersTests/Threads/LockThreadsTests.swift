// SPDX-License-Identifier: MIT
@testable import Fibers
import Foundation
import Testing

/// Locks that several threads share.
@Suite(.timeLimit(.minutes(1))) struct LockThreadsTests {
    /// What another thread makes of the lock.
    private func isFreeElsewhere(_ lock: ReentrantLock) throws -> Bool {
        try Threads.spawn { lock.withLockIfAvailable {} != nil }.fetch()
    }

    @Test func `LK1: who has the lock is alone among all threads, and sees what those before did`() throws {
        try inFiber {
            let (lock, count) = (ReentrantLock(), Plain(0))
            _ = try onThreeThreads { _ in
                for round in 0..<1000 {
                    try lock.withLock {
                        let last = count.value
                        if round.isMultiple(of: 10) { try Fiber.yield() }
                        count.value = last + 1
                    }
                }
            }
            #expect(count.value == 3000 && !lock.isLocked)
        }
    }

    @Test func `LK13: the lock goes from thread to thread in the order of waiting, and nobody overtakes`() throws {
        try inFiber {
            let (lock, order) = (ReentrantLock(), Plain<[Int]>([]))
            try lock.lock()
            let takeTurn: @Sendable (Int) throws -> Void = { number in
                try lock.withLock { order.value.append(number) }
            }
            for number in 0..<9 {
                if number % 3 == 2 { Fiber.spawn { try takeTurn(number) } }
                if number % 3 < 2 { try Threads.spawn(on: pools[number % 3]) { try takeTurn(number) } }
                try awaitWaiters(number + 1, of: lock)
            }
            lock.unlock()
            #expect(!lock.lockIfAvailable())
            try takeTurn(9)
            #expect(order.value == Array(0..<10))
        }
    }

    @Test func `LK2 LK5: the lock is free for other threads after as many unlocks as locks`() throws {
        try inFiber {
            let lock = ReentrantLock()
            for _ in 0..<3 { try lock.lock() }
            for _ in 0..<3 {
                try #expect(!isFreeElsewhere(lock) && lock.isLocked)
                lock.unlock()
            }
            try #expect(isFreeElsewhere(lock) && !lock.isLocked)
        }
    }

    @Test func `LK3: only the fiber that holds the lock may unlock it`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber {
                let lock = ReentrantLock()
                try lock.lock()
                try Threads.spawn { lock.unlock() }.wait()
            }
        }
        #expect(trapSaid("unlock from wrong fiber: ReentrantLock (held by a fiber of another thread)", result))
    }

    /// Its owner cannot be let go on another thread, so it is kept.
    private static let neverUnlocked = ReentrantLock(name: "never unlocked")

    @Test func `LK4: what a fiber of another thread held at its end stays locked`() throws {
        try inFiber {
            let lock = Self.neverUnlocked
            try Threads.spawn(lock.lock).wait()
            #expect(lock.isLocked && !lock.lockIfAvailable())
            #expect(throws: TimeoutError.self) { try withTimeout(.zero, lock.lock) }
            #expect("\(lock)" == "ReentrantLock \"never unlocked\" (held by a fiber of another thread)")
        }
    }

    @Test func `a lock that its dead owner's thread lets go takes the owner along`() throws {
        try inFiber {
            weak var result: Flag?
            result = try Threads.spawn {
                let lock = ReentrantLock()
                let fiber = Fiber.spawn {
                    try lock.lock()
                    return Flag()
                }
                return try fiber.fetch()
            }.fetch()
            let wasFreed = try timedWait(timeout: .seconds(20), pollInterval: .milliseconds(1)) { result == nil }
            #expect(wasFreed == .ok)
        }
    }

    @Test func `waits for the lock that are cut on all threads lose no turn`() throws {
        try inFiber {
            let (lock, count) = (ReentrantLock(), Plain(0))
            _ = try onThreeThreads { number in
                let fiber = Fiber.spawn {
                    var cuts = 0
                    for _ in 0..<1000 {
                        try repeating(&cuts, lock.lock)
                        count.value += 1
                        _ = try? Fiber.yield()
                        lock.unlock()
                    }
                }
                try cutWaits(of: fiber, seed: UInt64(number))
            }
            #expect(count.value == 3000 && !lock.isLocked)
        }
    }
}

// MARK: Lockable

extension LockThreadsTests {
    @Test func `LK8 LK9: the value of a lockable is reached by one thread at a time`() throws {
        try inFiber {
            let numbers = Lockable<[Int]>([])
            _ = try onThreeThreads { thread in
                for number in 0..<300 {
                    try numbers.withLock {
                        $0.append(thread * 300 + number)
                        if number.isMultiple(of: 30) { try Fiber.yield() }
                    }
                }
            }
            try #expect(numbers.withLock { $0.sorted() } == Array(0..<900))
            #expect(numbers.withLockIfAvailable(\.count) == 900)
        }
    }
}
