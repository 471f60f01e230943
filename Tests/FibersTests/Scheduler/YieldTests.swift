// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct YieldTests {
    @Test func `S6: three yielding fibers take turns`() throws {
        try inFiber {
            var log: [String] = []
            for name in ["A", "B", "C"] {
                Fiber.spawn {
                    for turn in 1...3 {
                        log.append("\(name)\(turn)")
                        try Fiber.yield()
                    }
                }
            }
            try drain()
            #expect(log == ["A1", "B1", "C1", "A2", "B2", "C2", "A3", "B3", "C3"])
        }
    }

    @Test func `S6 R4: yield with nothing else to run returns at once`() throws {
        try inFiber {
            let before = Fiber.current
            for _ in 0..<1_000 { try Fiber.yield() }
            #expect(Fiber.current === before)
        }
    }

    @Test func `R1: fibers run in the order in which they were scheduled`() throws {
        try inFiber {
            var log: [Int] = []
            let fibers = (0..<100).map { number in Fiber { log.append(number) } }
            for fiber in fibers.reversed() { fiber.schedule() }
            try Fiber.yield()
            #expect(log == (0..<100).reversed())
        }
    }

    @Test func `R1 R3: what a fiber spawns runs behind everything already queued`() throws {
        try inFiber {
            var log: [String] = []
            Fiber.spawn {
                Fiber.spawn { log.append("child") }
                log.append("parent")
            }
            Fiber.spawn { log.append("sibling") }
            try drain()
            #expect(log == ["parent", "sibling", "child"])
        }
    }

    @Test func `R2: spawning, scheduling, notifying and asking never switch`() throws {
        try inFiber {
            var didRun = false
            let condition = Condition<Int>()
            let waiting = Fiber.spawn { try condition.wait() }
            try Fiber.yield()
            Fiber.spawn { didRun = true }
            condition.notify(1)
            condition.notify(throwing: Failure("unheard"))
            _ = (waiting.state, waiting.isDone, condition.isEmpty, waiting.description)
            waiting.cancel()
            #expect(!didRun)
        }
    }

    @Test func `R2: releasing, unlocking, resetting, closing and binding never switch`() throws {
        try inFiber {
            var didRun = false
            let (semaphore, lock) = (Semaphore(1), ReentrantLock())
            let (event, channel) = (Event(autoReset: true), Channel<Int>())
            try semaphore.acquire()
            try lock.lock()
            Fiber.spawn { try semaphore.acquire() }
            Fiber.spawn { try lock.lock() }
            Fiber.spawn { try event.wait() }
            let taker = Fiber.spawn { try channel.take() }
            try Fiber.yield()
            Fiber.spawn { didRun = true }
            semaphore.release()
            lock.unlock()
            event.notify()
            event.reset()
            channel.bind(to: taker).close()
            _ = (lock.isLocked, event.isSet, channel.isReady, channel.isFull, channel.isOpen)
            #expect(!didRun)
            #expect(throws: FiberFailedError.self) { try taker.wait() }
        }
    }

    @Test func `R2: what need not wait does not switch`() throws {
        try inFiber {
            var didRun = false
            let (finished, event, channel) = (Fiber.spawn { 1 }, Event(), Channel<Int>(capacity: 1))
            try finished.wait()
            event.notify()
            Fiber.spawn { didRun = true }
            try channel.put(1)
            try channel.wait()
            _ = try (channel.fetch(), channel.take(), finished.fetch())
            try event.wait()
            try Semaphore(1).withPermit {}
            try ReentrantLock().withLock {}
            try withFiberGroup { _ in }
            #expect(!didRun)
        }
    }

    @Test func `R3: a fiber that waits passes the CPU to the head of the queue`() throws {
        try inFiber {
            var log: [String] = []
            let waited = Fiber.spawn { log.append("first") }
            Fiber.spawn { log.append("second") }
            try waited.wait()
            log.append("root")
            #expect(log == ["first", "second", "root"])
        }
    }

    @Test func `T13: control passes between fibers in any order, not only back`() throws {
        try inFiber {
            var log: [Int] = []
            var fibers: [AnyFiber] = []
            for (number, next) in [(0, 2), (1, 0), (2, 1)] {
                fibers.append(
                    Fiber.spawn {
                        for _ in 0..<2 {
                            try Fiber.park()
                            log.append(number)
                            if log.count < 6 { fibers[next].schedule() }
                        }
                    })
            }
            try Fiber.yield()
            fibers[0].schedule()
            try drain()
            #expect(log == [0, 2, 1, 0, 2, 1])
        }
    }

    @Test func `a fiber spawned by a fiber that never parks runs once it ends`() throws {
        try inFiber {
            var depth = 0
            func spawnNext() {
                depth += 1
                if depth < 1_000 { Fiber.spawn(spawnNext) }
            }
            Fiber.spawn(spawnNext)
            while depth < 1_000 { try Fiber.yield() }
        }
    }
}
