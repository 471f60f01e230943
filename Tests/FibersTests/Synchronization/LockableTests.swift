// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct LockableTests {
    @Test func `LK8 LK9: the body gets the value for modification, and its value is returned`() throws {
        try inFiber {
            let list = Lockable([1, 2])
            let count = try list.withLock { numbers in
                numbers.append(3)
                return numbers.count
            }
            #expect(count == 3)
            try #expect(list.withLock { $0 } == [1, 2, 3])
            #expect(!list.lock.isLocked)
        }
    }

    @Test func `LK9: changes made before a throw stay, and the lock is released`() throws {
        try inFiber {
            let number = Lockable(1)
            #expect(throws: Failure.self) {
                try number.withLock { number in
                    number = 2
                    throw Failure("expected")
                }
            }
            try #expect(number.withLock { $0 } == 2)
        }
    }

    @Test func `LK8: bodies that park exclude each other, so no update is lost`() throws {
        try inFiber {
            let number = Lockable(0)
            let fibers = (0..<10).map { _ in
                Fiber.spawn {
                    for _ in 0..<5 {
                        try number.withLock { number in
                            let before = number
                            try Fiber.yield()
                            number = before + 1
                        }
                    }
                }
            }
            for fiber in fibers { try fiber.wait() }
            try #expect(number.withLock { $0 } == 50)
        }
    }

    @Test func `LK8: accesses to several values that park may end in any order`() throws {
        try inFiber {
            let lists = (0..<10).map { Lockable([$0]) }
            let fibers = lists.map { list in
                Fiber.spawn {
                    try list.withLock { list in
                        try Fiber.park()
                        list.append(list[0] * 2)
                    }
                }
            }
            try Fiber.yield()
            for index in [3, 0, 9, 5, 1, 8, 2, 7, 6, 4] { try fibers[index].schedule().wait() }
            for (number, list) in lists.enumerated() { try #expect(list.withLock { $0 } == [number, number * 2]) }
        }
    }

    @Test func `LK8: a second access by the fiber that has the value is an error, and changes nothing`() throws {
        try inFiber {
            let number = Lockable(1)
            try number.withLock { outer in
                outer = 2
                let error = #expect(throws: ConcurrencyViolationError.self) { try number.withLock { $0 = 3 } }
                #expect(error?.message.contains("the value is in use by the body of another withLock") == true)
                #expect(outer == 2)
            }
            try #expect(!number.lock.isLocked && number.withLock { $0 } == 2)
        }
    }

    @Test func `LK8: a second access without parking by the fiber that has the value traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber {
                let number = Lockable(1)
                try number.withLock { _ in number.withLockIfAvailable { $0 = 3 } }
            }
        }
        #expect(trapSaid("the value is in use by the body of another withLock: Lockable<Int> with", result))
    }

    @Test func `LK8: the lock can be taken around several accesses, and shared`() throws {
        try inFiber {
            let lock = ReentrantLock(name: "both")
            let (from, to) = (Lockable(10, lock: lock), Lockable(0, lock: lock))
            let spy = Fiber { try from.withLock { $0 } + to.withLock { $0 } }
            try lock.withLock {
                spy.schedule()
                try from.withLock { $0 -= 4 }
                try Fiber.yield()
                try to.withLock { $0 += 4 }
            }
            try #expect(spy.fetch() == 10)
            #expect("\(from)" == "Lockable<Int> with ReentrantLock \"both\" (unlocked)")
        }
    }

    @Test func `LK7 LK8: without parking, the body runs only if no other fiber has the lock`() throws {
        try inFiber {
            let number = Lockable(1)
            let holder = Fiber.spawn { try number.withLock { _ in _ = try Fiber.park() } }
            try Fiber.yield()
            #expect(number.withLockIfAvailable { $0 } == nil)
            try holder.schedule().wait()
            #expect(number.withLockIfAvailable { $0 } == 1)
        }
    }

    @Test func `a value that was replaced or whose lockable is gone is released`() throws {
        try inFiber {
            let census = Census()
            func use() throws {
                let member = Lockable(census.newMember())
                try member.withLock { $0 = census.newMember() }
                #expect(census.living == 1)
            }
            try use()
            #expect(census.living == 0)
        }
    }
}
