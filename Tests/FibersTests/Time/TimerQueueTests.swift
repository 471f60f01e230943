// SPDX-License-Identifier: MIT
@testable import Fibers
import Testing

/// The timer heap against a sorted list, with a queue of its own next to the loop's.
@Suite struct TimerQueueTests {
    /// Wakes of parked fibers, each known by its number.
    private final class Sleepers {
        private var fibers: [Fiber<Void>] = []
        private(set) var log: [Int] = []

        init(count: Int) throws {
            for number in 0..<count {
                fibers.append(
                    Fiber.spawn(stackSize: 32 << 10) { [self] in
                        try Scheduler.current.park(for: .explicitSchedule)
                        log.append(number)
                    })
            }
            try Fiber.yield()
        }

        subscript(number: Int) -> FiberRecord { fibers[number].record }
    }

    private struct Model {
        var running: [(deadline: UInt64, number: Int, id: TimerQueue.ID)] = []

        /// Ties fire in the order of creation.
        func due() -> [Int] {
            let due = running.filter { $0.deadline < .max / 2 }
            return due.sorted { ($0.deadline, $0.number) < ($1.deadline, $1.number) }.map(\.number)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 17, 100])
    func `R16: timers fire by deadline, ties by creation, also from large heaps`(spread: UInt64) throws {
        try inFiber {
            let queue = TimerQueue()
            let sleepers = try Sleepers(count: 200)
            var model = Model()
            for number in 0..<200 {
                let deadline = UInt64.random(in: 0..<spread)
                model.running.append((deadline, number, queue.start(deadline: deadline, waking: sleepers[number])))
            }
            queue.fire(on: .current)
            #expect(queue.isEmpty)
            try Fiber.yield()
            #expect(sleepers.log == model.due())
        }
    }

    @Test(arguments: 1...5)
    func `random starts and stops fire as a sorted list would`(seed: UInt64) throws {
        try inFiber {
            var random = SplitMix(seed: seed)
            let queue = TimerQueue()
            let sleepers = try Sleepers(count: 2_000)
            var model = Model()
            for number in 0..<2_000 {
                // A quarter of the deadlines is never reached.
                let isDue = Int.random(in: 0..<4, using: &random) > 0
                let deadline = UInt64.random(in: 0..<500, using: &random) + (isDue ? 0 : .max / 2)
                model.running.append((deadline, number, queue.start(deadline: deadline, waking: sleepers[number])))
                while !model.running.isEmpty, Int.random(in: 0..<3, using: &random) == 0 {
                    queue.stop(model.running.remove(at: .random(in: model.running.indices, using: &random)).id)
                }
            }
            queue.fire(on: .current)
            try Fiber.yield()
            #expect(sleepers.log == model.due())
            for timer in model.running where timer.deadline >= .max / 2 { queue.stop(timer.id) }
            #expect(queue.isEmpty)
        }
    }

    @Test func `a timer's number is used again after it has fired`() throws {
        try inFiber {
            let queue = TimerQueue()
            let sleepers = try Sleepers(count: 1)
            let first = queue.start(deadline: 0, waking: sleepers[0])
            queue.fire(on: .current)
            #expect(queue.start(deadline: .max, waking: sleepers[0]) == first)
        }
    }

    @Test func `a timer that is due for a sleeper interrupted just before does not wake it twice`() throws {
        try inFiber {
            let queue = TimerQueue()
            var wakes = 0
            let sleeper = Fiber.spawn {
                try? Scheduler.current.park(for: .explicitSchedule)
                wakes += 1
                try? Scheduler.current.park(for: .explicitSchedule)
            }
            try Fiber.yield()
            let timer = queue.start(deadline: 0, waking: sleeper.record)
            sleeper.schedule(throwing: Failure("interrupted"))
            queue.fire(on: .current)
            queue.stop(timer)
            #expect(queue.isEmpty && queue.timeUntilFirst() == .max)
            #expect(queue.start(deadline: .max, waking: sleeper.record) == timer)
            try drain()
            #expect(wakes == 1 && sleeper.state == .runnable && !sleeper.isDone)
        }
    }

    @Test func `timers that are stopped long before their deadline do not pile up`() throws {
        try inFiber {
            let queue = TimerQueue()
            let sleepers = try Sleepers(count: 1)
            let numbers = (0..<10_000).map { _ in
                let number = queue.start(deadline: .max, waking: sleepers[0])
                queue.stop(number)
                return number
            }
            #expect(Set(numbers).count < 200)
            #expect(queue.isEmpty)
        }
    }

    @Test func `timers that are not due stay, and the time until the first is known`() throws {
        try inFiber {
            let queue = TimerQueue()
            let sleepers = try Sleepers(count: 3)
            #expect(queue.timeUntilFirst() == .max)
            let late = queue.start(deadline: .max, waking: sleepers[0])
            #expect(queue.timeUntilFirst() > .max / 2)
            let soon = queue.start(deadline: TimerQueue.now + 1_000_000_000_000, waking: sleepers[1])
            #expect((1...1_000_000_000_000).contains(queue.timeUntilFirst()))
            _ = queue.start(deadline: 0, waking: sleepers[2])
            #expect(queue.timeUntilFirst() == 0)
            queue.fire(on: .current)
            try Fiber.yield()
            #expect(sleepers.log == [2])
            for timer in [late, soon] { queue.stop(timer) }
            #expect(queue.isEmpty && queue.timeUntilFirst() == .max)
        }
    }
}
