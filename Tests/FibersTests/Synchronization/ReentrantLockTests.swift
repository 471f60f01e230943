// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ReentrantLockTests {
    /// Whether another fiber gets the lock without parking. If it does, it unlocks again.
    private func isFreeForOthers(_ lock: ReentrantLock) throws -> Bool {
        try Fiber.spawn { lock.withLockIfAvailable { true } ?? false }.fetch()
    }

    @Test func `LK1 LK2 LK3: the owner may lock again, and unlocks as often`() throws {
        try inFiber {
            let lock = ReentrantLock()
            for _ in 0..<2 { try lock.lock() }
            lock.unlock()
            try #expect(lock.isLocked && !isFreeForOthers(lock))
            lock.unlock()
            try #expect(!lock.isLocked && isFreeForOthers(lock))
        }
    }

    @Test func `LK1: a fiber that ends while it holds a lock leaves it locked for ever`() throws {
        try inFiber {
            let lock = ReentrantLock(name: "orphan")
            try Fiber.spawn(name: "careless") { try lock.lock() }.wait()
            #expect(lock.isLocked && !lock.lockIfAvailable())
            try #expect(!isFreeForOthers(lock))
            let error = #expect(throws: DeadlockError.self) { try lock.lock() }
            let owner = "held by fiber \"careless\", which has finished"
            #expect(error?.fibers.first?.waitsFor == "for ReentrantLock \"orphan\" (\(owner))")
        }
    }

    @Test func `LK1: no later fiber is taken for the one that ended, not even in another loop`() throws {
        let lock = ReentrantLock()
        try inFiber { try Fiber.spawn { try lock.lock() }.wait() }
        try inFiber {
            for _ in 0..<100 { try #expect(!isFreeForOthers(lock)) }
        }
    }

    @Test func `LK2: a lock that another fiber holds parks until it is unlocked`() throws {
        try inFiber {
            let lock = ReentrantLock()
            try lock.lock()
            let fiber = Fiber.spawn { try lock.lock() }
            try drain()
            #expect(fiber.state == .waiting)
            lock.unlock()
            #expect(lock.isLocked && fiber.state == .queued)
            try fiber.wait()
        }
    }

    @Test func `LK3: unlocking by a fiber that does not hold the lock traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber {
                let lock = ReentrantLock(name: "door")
                try lock.lock()
                try Fiber.spawn { lock.unlock() }.wait()
            }
        }
        #expect(trapSaid("unlock from wrong fiber: ReentrantLock \"door\" (held by fiber \"root\")", result))
    }

    @Test func `LK3: unlocking a lock that nobody holds traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber {
                let lock = ReentrantLock()
                try lock.lock()
                for _ in 0..<2 { lock.unlock() }
            }
        }
        #expect(trapSaid("unlock count must match lock count: ReentrantLock (unlocked)", result))
    }

    @Test func `LK4: without parking, the owner gets the lock again and others do not`() throws {
        try inFiber {
            let lock = ReentrantLock()
            #expect(lock.lockIfAvailable() && lock.lockIfAvailable())
            try #expect(!isFreeForOthers(lock))
            for _ in 0..<2 { lock.unlock() }
            try #expect(isFreeForOthers(lock))
        }
    }

    @Test func `LK5 LK11: a back-off loop over isLocked and lockIfAvailable ends`() throws {
        try inFiber {
            let lock = ReentrantLock()
            try lock.lock()
            let fiber = Fiber.spawn {
                for spins in 0..<100 {
                    if !lock.isLocked, lock.lockIfAvailable() { return spins }
                    try Fiber.yield()
                }
                throw Failure("timeout")
            }
            for _ in 0..<5 { try Fiber.yield() }
            lock.unlock()
            try #expect(fiber.fetch() == 5)
        }
    }

    @Test func `LK6 LK10: withLock returns the value of its body and unlocks, also when it throws`() throws {
        try inFiber {
            let lock = ReentrantLock()
            try #expect(lock.withLock { lock.isLocked ? 5 : 0 } == 5)
            #expect(!lock.isLocked)
            #expect(throws: Failure.self) { try lock.withLock { throw Failure("expected") } }
            #expect(!lock.isLocked)
        }
    }

    @Test func `LK6: nested withLock unlocks at the end of the outermost`() throws {
        try inFiber {
            let lock = ReentrantLock()
            try lock.withLock {
                try lock.withLock { #expect("\(lock)" == "ReentrantLock (held by fiber \"root\" 2 times)") }
                try #expect(!isFreeForOthers(lock))
            }
            #expect("\(lock)" == "ReentrantLock (unlocked)")
        }
    }

    @Test func `LK7: withLockIfAvailable does not run its body while another fiber holds the lock`() throws {
        try inFiber {
            let lock = ReentrantLock()
            #expect(lock.withLockIfAvailable { 5 } == 5)
            let holder = Fiber.spawn { try lock.withLock { _ = try Fiber.park() } }
            try Fiber.yield()
            var hasRun = false
            #expect(lock.withLockIfAvailable { hasRun = true } == nil && !hasRun)
            try holder.schedule().wait()
            #expect(throws: Failure.self) { try lock.withLockIfAvailable { throw Failure("expected") } }
            #expect(!lock.isLocked)
        }
    }

    @Test func `LK13: the lock is granted in the order of waiting, and a newcomer overtakes nobody`() throws {
        try inFiber {
            let lock = ReentrantLock()
            var log: [String] = []
            func spawn(_ name: String) {
                Fiber.spawn {
                    try lock.withLock {
                        log.append(name)
                        try Fiber.yield()
                    }
                }
            }
            try lock.lock()
            for name in ["a", "b", "c"] { spawn(name) }
            try Fiber.yield()
            lock.unlock()
            #expect(!lock.lockIfAvailable())
            spawn("newcomer")
            try lock.withLock { log.append("root") }
            try drain()
            #expect(log == ["a", "b", "c", "root", "newcomer"])
        }
    }

    @Test func `R17: the report of two fibers that lock in opposite order names the owners`() throws {
        try inFiber {
            let (left, right) = (ReentrantLock(name: "left"), ReentrantLock(name: "right"))
            func spawn(_ name: String, _ first: ReentrantLock, _ second: ReentrantLock) -> AnyFiber {
                Fiber.spawn(name: name) {
                    try first.withLock {
                        try Fiber.yield()
                        try second.withLock {}
                    }
                }
            }
            let fibers = [spawn("a", left, right), spawn("b", right, left)]
            let error = #expect(throws: DeadlockError.self) { try fibers[0].wait() }
            #expect(error?.fibers[1].waitsFor == "for ReentrantLock \"right\" (held by fiber \"b\")")
            #expect(error?.fibers[2].waitsFor == "for ReentrantLock \"left\" (held by fiber \"a\")")
            fibers[0].cancel()
            try fibers[1].wait()
            #expect(!left.isLocked && !right.isLocked)
        }
    }

    @Test func `a lock and its owner go away when nobody holds them`() throws {
        let census = Census()
        try inFiber {
            let lock = ReentrantLock()
            for _ in 0..<3 {
                let member = census.newMember()
                Fiber.spawn { try lock.withLock { _ = try (Fiber.yield(), member) } }
            }
            try drain()
            #expect(census.living == 0 && !lock.isLocked)
        }
    }
}
