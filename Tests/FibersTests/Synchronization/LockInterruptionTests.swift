// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// What an interrupted wait for an event, a permit or a lock leaves behind: an object as good as before.
@Suite struct LockInterruptionTests {
    /// The three, as things that one fiber at a time takes and gives back.
    enum Gate: CaseIterable {
        case event, semaphore, lock

        /// Both calls for a new object that is taken by nobody.
        func make() -> (take: () throws -> Void, give: () -> Void) {
            switch self {
            case .event:
                let event = Event(autoReset: true)
                event.notify()
                return (event.wait, event.notify)
            case .semaphore:
                let semaphore = Semaphore(1)
                return (semaphore.acquire, semaphore.release)
            case .lock:
                let lock = ReentrantLock()
                return (lock.lock, lock.unlock)
            }
        }
    }

    @Test(arguments: Gate.allCases, 0..<4)
    func `a waiter that is cancelled at any place leaves the others in their order`(gate: Gate, leaver: Int) throws {
        try inFiber {
            let (take, give) = gate.make()
            var log: [Int] = []
            try take()
            let fibers = (0..<4).map { number in
                Fiber.spawn {
                    try take()
                    log.append(number)
                    give()
                }
            }
            try Fiber.yield()
            fibers[leaver].cancel()
            give()
            try drain()
            #expect(log == (0..<4).filter { $0 != leaver })
            #expect(fibers[leaver].failure is CancellationError)
            try take()
        }
    }

    @Test(arguments: Gate.allCases)
    func `R10: an error thrown into the wait is thrown by it, and nothing is handed over`(gate: Gate) throws {
        try inFiber {
            let (take, give) = gate.make()
            try take()
            let fiber = Fiber.spawn { #expect(throws: Failure.self, performing: take) }
            try Fiber.yield()
            fiber.schedule(throwing: Failure("expected"))
            give()
            try take()
            try fiber.wait()
        }
    }

    @Test(arguments: Gate.allCases)
    func `a hand-over before the cancel wins, and the next park throws`(gate: Gate) throws {
        try inFiber {
            let (take, give) = gate.make()
            try take()
            let fiber = Fiber.spawn {
                try take()
                defer { give() }
                #expect(throws: CancellationError.self) { try Fiber.yield() }
            }
            try Fiber.yield()
            give()
            fiber.cancel()
            try fiber.wait()
            try take()
        }
    }

    @Test(arguments: Gate.allCases)
    func `a time limit ends the wait, and nothing is handed over`(gate: Gate) throws {
        try inFiber {
            let (take, give) = gate.make()
            try take()
            let fiber = Fiber.spawn {
                #expect(throws: TimeoutError.self) { try withTimeout(.milliseconds(1), take) }
                try take()
            }
            try Fiber.sleep(for: .milliseconds(20))
            #expect(fiber.state == .waiting)
            give()
            try fiber.wait()
        }
    }

    @Test(arguments: Gate.allCases)
    func `a cancelled fiber takes what is free, and cannot wait for what is not`(gate: Gate) throws {
        try inFiber {
            let (take, give) = gate.make()
            let (takeOther, _) = gate.make()
            try takeOther()
            let fiber = Fiber.spawn {
                Fiber.current.cancel()
                try take()
                give()
                #expect(throws: CancellationError.self, performing: takeOther)
            }
            try? fiber.wait()
            try take()
        }
    }

    @Test(arguments: Gate.allCases)
    func `R17: after a deadlock was thrown out of the wait the object works`(gate: Gate) throws {
        try inFiber {
            let (take, give) = gate.make()
            let holder = Fiber.spawn {
                try take()
                try Fiber.park()
                give()
            }
            try Fiber.yield()
            for _ in 0..<2 { #expect(throws: DeadlockError.self, performing: take) }
            try holder.schedule().wait()
            try take()
        }
    }

    /// Three fibers take and give back four times each; the root cancels the second after `round` rounds.
    private func run(_ gate: Gate, cancellingAfter round: Int) throws -> (turns: [Int], rounds: Int) {
        try inFiber {
            let (take, give) = gate.make()
            var (turns, rounds, inside) = ([0, 0, 0], 0, 0)
            let fibers = (0..<3).map { number in
                Fiber.spawn {
                    for _ in 0..<4 {
                        try take()
                        inside += 1
                        defer {
                            inside -= 1
                            give()
                        }
                        #expect(inside == 1)
                        try Fiber.yield()
                        turns[number] += 1
                    }
                }
            }
            while !fibers.allSatisfy(\.isDone) {
                if rounds == round { fibers[1].cancel() }
                rounds += 1
                try #require(rounds < 1000)
                try Fiber.yield()
            }
            try take()
            return (turns, rounds)
        }
    }

    @Test(arguments: Gate.allCases)
    func `cancelling a fiber at any point loses no turn of the others and no permit`(gate: Gate) throws {
        let undisturbed = try run(gate, cancellingAfter: .max)
        #expect(undisturbed.turns == [4, 4, 4])
        var cancelled = 0
        for round in 0...undisturbed.rounds {
            let turns = try run(gate, cancellingAfter: round).turns
            #expect(turns[0] == 4 && turns[2] == 4, "cancelled after \(round) rounds")
            if turns[1] < 4 { cancelled += 1 }
        }
        #expect(cancelled > 8)
    }

    @Test func `withPermit and withLock release what was handed over before the cancel`() throws {
        try inFiber {
            let (semaphore, lock, value) = (Semaphore(1), ReentrantLock(), Lockable(0))
            let uses: [(take: () throws -> Void, give: () -> Void, use: () throws -> Void)] = [
                (semaphore.acquire, semaphore.release, { try semaphore.withPermit { try Fiber.yield() } }),
                (lock.lock, lock.unlock, { try lock.withLock { try Fiber.yield() } }),
                (value.lock.lock, value.lock.unlock, { try value.withLock { _ in try Fiber.yield() } }),
            ]
            for (take, give, use) in uses {
                try take()
                let fiber = Fiber.spawn(use)
                try Fiber.yield()
                give()
                fiber.cancel()
                try drain()
                #expect(fiber.failure is CancellationError)
                try take()
            }
        }
    }

    @Test func `withPermit and withLock that are cancelled while waiting neither run nor release`() throws {
        try inFiber {
            let (semaphore, lock) = (Semaphore(1), ReentrantLock())
            try semaphore.acquire()
            try lock.lock()
            var hasRun = false
            let fibers = [
                Fiber.spawn { try semaphore.withPermit { hasRun = true } },
                Fiber.spawn { try lock.withLock { hasRun = true } },
            ]
            try Fiber.yield()
            for fiber in fibers { fiber.cancel() }
            try drain()
            #expect(!hasRun && fibers.allSatisfy { $0.failure is CancellationError })
            #expect("\(semaphore)" == "Semaphore (0 of 1 free)" && lock.isLocked)
            semaphore.release()
            lock.unlock()
        }
    }

    @Test func `the end of a loop unwinds holders and waiters, and leaves the objects usable`() throws {
        let (semaphore, lock) = (Semaphore(1), ReentrantLock())
        for _ in 0..<2 {
            try inFiber {
                for _ in 0..<3 {
                    Fiber.spawn { try semaphore.withPermit { _ = try Fiber.park() } }
                    Fiber.spawn { try lock.withLock { _ = try Fiber.park() } }
                }
                try drain()
            }
            #expect("\(semaphore)" == "Semaphore (1 of 1 free)" && !lock.isLocked)
        }
    }
}
