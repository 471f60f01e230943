// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ConditionTests {
    /// Spawns fibers that wait and then log `number message`.
    private func spawnWaiters(
        _ numbers: ClosedRange<Int>, on condition: Condition<String>, log: @escaping (String) -> Void
    ) throws {
        for number in numbers {
            Fiber.spawn { log("\(number) \(try condition.wait())") }
        }
        try Fiber.yield()
    }

    @Test func `C1: a notification before the wait is lost`() throws {
        try inFiber {
            let condition = Condition<Int>()
            #expect(condition.notify(1) == 0)
            let fiber = Fiber.spawn { try condition.wait() }
            try drain()
            #expect(fiber.state == .waiting)
            #expect(condition.notify(2) == 1)
            try #expect(fiber.fetch() == 2)
        }
    }

    @Test func `C2: of three waiters one, then two, then none are woken`() throws {
        try inFiber {
            let condition = Condition<String>()
            var log: [String] = []
            try spawnWaiters(1...3, on: condition) { log.append($0) }
            #expect(condition.notifyOne("x") == 1)
            #expect(condition.notify("y") == 2)
            #expect(condition.notify("z") == 0 && condition.notifyOne("z") == 0)
            try drain()
            #expect(log == ["1 x", "2 y", "3 y"])
        }
    }

    @Test func `C2: an error is thrown in every waiter, and the counts are right`() throws {
        try inFiber {
            let condition = Condition<Int>()
            let failure = Failure("expected")
            let fibers = (0..<3).map { _ in
                Fiber.spawn { #expect(throws: Failure.self) { try condition.wait() } === failure }
            }
            try Fiber.yield()
            #expect(condition.notifyOne(throwing: failure) == 1)
            #expect(condition.notify(throwing: failure) == 2)
            #expect(condition.notify(throwing: failure) == 0 && condition.notifyOne(throwing: failure) == 0)
            try #expect(fibers.allSatisfy { try $0.fetch() })
        }
    }

    @Test func `C2: notify never switches`() throws {
        try inFiber {
            let condition = Condition<String>()
            var log: [String] = []
            try spawnWaiters(1...2, on: condition) { log.append($0) }
            condition.notify("x")
            condition.notify(throwing: Failure("unheard"))
            #expect(log.isEmpty)
        }
    }

    @Test func `C5: a condition is empty when nobody waits any more`() throws {
        try inFiber {
            let condition = Condition<Void>()
            #expect(condition.isEmpty)
            Fiber.spawn { try condition.wait() }
            try Fiber.yield()
            #expect(!condition.isEmpty)
            condition.notify()
            #expect(condition.isEmpty)
        }
    }

    @Test func `W3 R5: waiters wake in the order they came, behind everything already queued`() throws {
        try inFiber {
            let condition = Condition<String>()
            var log: [String] = []
            try spawnWaiters(1...4, on: condition) { log.append($0) }
            Fiber.spawn { log.append("queued before") }
            condition.notify("x")
            Fiber.spawn { log.append("queued after") }
            try drain()
            #expect(log == ["queued before", "1 x", "2 x", "3 x", "4 x", "queued after"])
        }
    }

    @Test func `W4: who waits first is woken before those who came before it`() throws {
        try inFiber {
            let condition = Condition<Void>()
            var log: [Int] = []
            for number in 1...4 {
                Fiber.spawn {
                    try condition.wait(first: number == 3)
                    log.append(number)
                }
            }
            try Fiber.yield()
            condition.notifyOne()
            try Fiber.yield()
            #expect(log == [3])
            condition.notify()
            try Fiber.yield()
            #expect(log == [3, 1, 2, 4])
        }
    }

    @Test func `W4: several who wait first wake last in, first out`() throws {
        try inFiber {
            let condition = Condition<Void>()
            var log: [Int] = []
            for number in 1...4 {
                Fiber.spawn {
                    try condition.wait(first: number > 1)
                    log.append(number)
                }
            }
            try Fiber.yield()
            condition.notify()
            try Fiber.yield()
            #expect(log == [4, 3, 2, 1])
        }
    }

    @Test func `W3: a fiber that waits again during a notification waits for the next`() throws {
        try inFiber {
            let condition = Condition<String>()
            var log: [String] = []
            Fiber.spawn {
                for _ in 0..<2 { log.append(try condition.wait()) }
            }
            try Fiber.yield()
            condition.notify("first")
            #expect(condition.notify("lost") == 0)
            try Fiber.yield()
            condition.notify("second")
            try Fiber.yield()
            #expect(log == ["first", "second"])
        }
    }
}
