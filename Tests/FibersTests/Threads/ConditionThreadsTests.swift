// SPDX-License-Identifier: MIT
@testable import Fibers
import Testing

/// Conditions with a lock, for several threads.
@Suite(.timeLimit(.minutes(1))) struct ConditionThreadsTests {
    private typealias Condition = Threads.Condition

    @Test func `W5: a wait lets the lock go, however often it is held, and has it as often again after`() throws {
        try inFiber {
            let condition = Condition<Int>()
            for _ in 0..<2 { try condition.lock.lock() }
            let helper = try Threads.spawn { try condition.withLock { condition.notify(7) } }
            try #expect(condition.wait() == 7)
            #expect("\(condition.lock)" == "ReentrantLock (held by fiber \"root\" 2 times)")
            for _ in 0..<2 { condition.lock.unlock() }
            try #expect(helper.fetch() == 1)
            #expect(!condition.lock.isLocked && condition.isEmpty)
        }
    }

    @Test func `C3: a wait without the lock throws, also while another fiber has it`() throws {
        try inFiber {
            let condition = Condition<Void>(name: "news")
            let wait = { try #require(failure { try condition.wait() } as? ConcurrencyViolationError).message }
            let sentence = "lock must be held: Threads.Condition<()> \"news\""
            try #expect(wait() == sentence)
            try condition.withLock { try #expect(Fiber.spawn(wait).fetch() == sentence) }
            let (isHeld, gate) = (WakeUp(), Gate())
            let holder = try Threads.spawn {
                try condition.withLock {
                    isHeld.send()
                    gate.wait()
                }
            }
            try isHeld.wait()
            try #expect(wait() == sentence)
            gate.open()
            try holder.wait()
        }
    }

    @Test(arguments: [false, true])
    func `C3: a notification without the lock traps, also while another fiber has it`(isHeldByOther: Bool) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [isHeldByOther] in
            try inFiber {
                let condition = Condition<Void>(name: "news")
                if isHeldByOther { try condition.lock.lock() }
                try Threads.spawn { condition.notify() }.wait()
            }
        }
        #expect(trapSaid("lock must be held: Threads.Condition<()> \"news\"", result))
    }

    @Test func `C2: messages reach waiters in the order in which they came, on whatever threads, and the first before`()
        throws
    {
        try inFiber {
            let condition = Condition<Int>()
            var waiters: [Threads.Fiber<Int>] = []
            for number in 0..<6 {
                try waiters.append(
                    Threads.spawn(on: pools[number % 2]) {
                        try condition.withLock { try condition.wait(first: number == 5) }
                    })
                try awaitWaiters(number + 1, of: condition)
            }
            try condition.withLock { for number in 0..<3 { #expect(condition.notifyOne(number) == 1) } }
            try #expect([5, 0, 1].map { try waiters[$0].fetch() } == [0, 1, 2])
            try condition.withLock { #expect(condition.notify(9) == 3 && condition.notifyOne(10) == 0) }
            try #expect([2, 3, 4].map { try waiters[$0].fetch() } == [9, 9, 9])
        }
    }

    @Test func `C3: waiters go on one after the other, each with the lock`() throws {
        try inFiber {
            let (condition, count) = (Condition<Void>(), Plain(0))
            let waiters = try (0..<20).map { number in
                try Threads.spawn(on: pools[number % 2]) {
                    try condition.withLock {
                        try condition.wait()
                        let last = count.value
                        try Fiber.yield()
                        count.value = last + 1
                    }
                }
            }
            try awaitWaiters(20, of: condition)
            try condition.withLock {
                #expect(condition.notify() == 20)
                try drain()
                #expect(count.value == 0)
            }
            for waiter in waiters { try waiter.wait() }
            #expect(count.value == 20)
        }
    }

    @Test func `C3: conditions that share a lock are notified apart`() throws {
        try inFiber {
            let lock = ReentrantLock()
            let (left, right) = (Condition<String>(lock: lock), Condition<String>(lock: lock))
            let waiters = try zip([left, right], pools).map { condition, pool in
                try Threads.spawn(on: pool) { try condition.withLock { try condition.wait() } }
            }
            for condition in [left, right] { try awaitWaiters(1, of: condition) }
            try lock.withLock { #expect(right.notify("right") == 1) }
            try #expect(waiters[1].fetch() == "right" && !left.isEmpty)
            try lock.withLock { #expect(left.notify("left") == 1) }
            try #expect(waiters[0].fetch() == "left")
        }
    }
}
