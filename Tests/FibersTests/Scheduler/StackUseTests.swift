// SPDX-License-Identifier: MIT
import CFibers
@testable import Fibers
import Testing

@Suite struct StackUseTests {
    private var counts: fibers_stack_counts { Scheduler.current.stackCounts }

    @Test func `R15 T13: a million switches need no memory`() throws {
        try inFiber {
            let other = Fiber.spawn { for _ in 0..<500_000 { try Fiber.yield() } }
            for _ in 0..<1_000 { try Fiber.yield() }
            let before = counts.made
            while !other.isDone { try Fiber.yield() }
            #expect(counts.made == before && before <= 2)
        }
    }

    @Test func `10,000 short fibers share one or two stacks`() throws {
        try inFiber {
            var runs = 0
            for _ in 0..<10_000 { Fiber.spawn { runs += 1 } }
            try drain()
            #expect(runs == 10_000)
            #expect(counts.made <= 2)
        }
    }

    @Test func `10,000 short fibers one after the other share one or two stacks`() throws {
        try inFiber {
            for _ in 0..<10_000 { try Fiber.spawn {}.wait() }
            #expect(counts.made <= 2)
        }
    }

    @Test func `a fiber that has not run has no stack`() throws {
        try inFiber {
            let before = counts.made
            let fibers = (0..<100).map { _ in Fiber {} }
            for fiber in fibers { fiber.schedule() }
            #expect(counts.made == before)
        }
    }

    @Test func `parked fibers own a stack each, which others take when they have ended`() throws {
        try inFiber {
            func park500() throws -> [Fiber<Void>] {
                let fibers = (0..<500).map { _ in Fiber.spawn { _ = try Fiber.park() } }
                try Fiber.yield()
                return fibers
            }
            for _ in 0..<3 {
                let fibers = try park500()
                #expect((500...502).contains(counts.made))
                for fiber in fibers { try fiber.schedule().wait() }
                #expect(counts.idle >= 499)
            }
        }
    }

    @Test func `many fibers keep what lies on their stacks`() throws {
        try inFiber {
            let fibers = (0..<300).map { number in
                Fiber.spawn {
                    let numbers = (number, number * 2, number * 3, number * 4, number * 5, number * 6)
                    try drain(rounds: 5)
                    return numbers == (number, number * 2, number * 3, number * 4, number * 5, number * 6)
                }
            }
            try #expect(fibers.allSatisfy { try $0.fetch() })
        }
    }

    @Test func `stacks of different sizes are not mixed up`() throws {
        try inFiber {
            let sizes = [1, 64 << 10, 256 << 10, 1 << 20]
            let fibers = (0..<40).map { number in
                Fiber.spawn(stackSize: sizes[number % 4]) {
                    try Fiber.yield()
                    let fiber = Scheduler.current.current
                    return fiber.pointer.pointee.context.stack.pointee.size >= sizes[number % 4]
                }
            }
            try #expect(fibers.allSatisfy { try $0.fetch() })
        }
    }

    @Test func `the default stack is 256 KiB`() {
        #expect(AnyFiber.defaultStackSize == 256 << 10)
    }

    /// Lets so many fibers have stacks at once, then all of them end, and the loop has some turns.
    private func storm(of count: Int) throws {
        let fibers = (0..<count).map { _ in Fiber.spawn { _ = try Fiber.park() } }
        try Fiber.yield()
        for fiber in fibers { fiber.schedule() }
        for _ in 0..<20 { try Fiber.sleep(for: .microseconds(30)) }
        #expect(fibers.allSatisfy { $0.isDone })
    }

    @Test func `stacks that were idle for a period are given back, but for some, and serve again`() throws {
        try inFiber {
            Loop.current.idlePeriod = 1
            for _ in 0..<2 {
                try storm(of: 600)
                #expect(counts.trimmed > 200)
            }
        }
    }

    @Test func `stacks are not given back between storms that follow each other`() throws {
        try inFiber {
            Loop.current.idlePeriod = .max
            for _ in 0..<3 { try storm(of: 600) }
            #expect(counts.trimmed == 0)
        }
    }

    @Test func `an idle thread gives stacks back although nothing happens`() throws {
        try inFiber {
            try storm(of: 600)
            Loop.current.idlePeriod = 1_000_000
            let wereTrimmed = try timedWait(timeout: .seconds(20), pollInterval: .milliseconds(20)) {
                counts.trimmed > 200
            }
            #expect(wereTrimmed == .ok)
        }
    }
}
