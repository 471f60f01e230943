// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ConditionInterruptionTests {
    @Test func `W3 R10: an interrupted waiter has left the queue before it runs`() throws {
        try inFiber {
            let condition = Condition<Int>()
            let fiber = Fiber.spawn { try condition.wait() }
            try Fiber.yield()
            fiber.schedule(throwing: Failure("expected"))
            #expect(condition.isEmpty && condition.notify(1) == 0)
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
        }
    }

    @Test(arguments: 0..<5)
    func `a waiter that leaves from any place leaves the others in their order`(leaver: Int) throws {
        try inFiber {
            let condition = Condition<Void>()
            var log: [Int] = []
            let fibers = (0..<5).map { number in
                Fiber.spawn {
                    try condition.wait()
                    log.append(number)
                }
            }
            try Fiber.yield()
            fibers[leaver].cancel()
            #expect(condition.notify() == 4)
            try drain()
            #expect(log == (0..<5).filter { $0 != leaver })
        }
    }

    @Test func `an error that comes after the message is thrown by the next park`() throws {
        try inFiber {
            let condition = Condition<String>()
            let fiber = Fiber.spawn {
                let message = try condition.wait()
                #expect(throws: Failure.self) { try condition.wait() }
                return message
            }
            try Fiber.yield()
            condition.notify("delivered")
            fiber.schedule(throwing: Failure("expected"))
            try #expect(fiber.fetch() == "delivered")
        }
    }

    @Test func `a waiter whose wait was decided keeps its place in the queue when it is cancelled later`() throws {
        try inFiber {
            let condition = Condition<Void>()
            var log: [Int] = []
            let fibers = (0..<3).map { number in
                Fiber.spawn {
                    try condition.wait()
                    log.append(number)
                }
            }
            try Fiber.yield()
            condition.notify()
            fibers[0].cancel()
            fibers[1].schedule(throwing: Failure("unheard"))
            try Fiber.yield()
            #expect(log == [0, 1, 2])
        }
    }

    @Test func `a message that comes after the error goes to the next waiter`() throws {
        try inFiber {
            let condition = Condition<String>()
            let leaving = Fiber.spawn { try condition.wait() }
            let staying = Fiber.spawn { try condition.wait() }
            try Fiber.yield()
            #expect(condition.notifyOne(throwing: Failure("expected")) == 1)
            #expect(condition.notifyOne("delivered") == 1)
            try #expect(staying.fetch() == "delivered")
            #expect(throws: FiberFailedError.self) { try leaving.wait() }
        }
    }

    @Test func `W12 C4 R18: a loop that tests again works with wakes that mean nothing`() throws {
        try inFiber {
            var items: [Int] = []
            let changed = Condition<Void>()
            let fiber = Fiber.spawn {
                while items.isEmpty { try changed.wait() }
                return items.removeFirst()
            }
            for _ in 0..<3 {
                try Fiber.yield()
                #expect(changed.notify() == 1)
            }
            try Fiber.yield()
            items.append(7)
            changed.notify()
            try #expect(fiber.fetch() == 7)
        }
    }

    @Test func `messages are released once they are received`() throws {
        try inFiber {
            let census = Census()
            let condition = Condition<(Census.Member, Int, Int, Int)>()
            for _ in 0..<3 { Fiber.spawn { try condition.wait().3 } }
            try Fiber.yield()
            condition.notifyOne((census.newMember(), 1, 2, 3))
            condition.notify((census.newMember(), 1, 2, 3))
            condition.notify((census.newMember(), 1, 2, 3))
            try drain()
            #expect(census.living == 0)
        }
    }

    @Test func `messages may be empty, optional and large`() throws {
        try inFiber {
            let empty = Condition<Void>()
            let optional = Condition<Int?>()
            let large = Condition<[4 of Int]>()
            let fibers = [
                Fiber.spawn { try empty.wait() == () },
                Fiber.spawn { try optional.wait() == nil },
                Fiber.spawn { try large.wait()[3] == 4 },
            ]
            try Fiber.yield()
            #expect(empty.notify() + optional.notify(nil) + large.notify([1, 2, 3, 4]) == 3)
            try #expect(fibers.allSatisfy { try $0.fetch() })
        }
    }

    @Test func `a condition goes away when nobody holds it, and its description tells its name`() throws {
        try inFiber {
            weak var condition: Condition<Int>?
            func use() throws {
                let used = Condition<Int>(name: "news")
                condition = used
                #expect("\(used)" == "Condition<Int> \"news\"")
                let fiber = Fiber.spawn { try used.wait() }
                try Fiber.yield()
                used.notify(1)
                try #expect(fiber.fetch() == 1)
            }
            try use()
            #expect(condition == nil)
        }
    }
}
