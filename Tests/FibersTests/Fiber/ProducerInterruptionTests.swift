// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ProducerInterruptionTests {
    private struct Run {
        var taken: [Int] = []
        var rest: [Int] = []
        var rounds = 0
    }

    /// Two fibers consume 1...10; the body parks now and then. The root cancels the first after `round` rounds, and
    /// consumes what is left afterwards.
    private func run(cancellingAfter round: Int) throws -> Run {
        try inFiber {
            var run = Run()
            let producer = Producer<Int> { producer in
                for number in 1...10 {
                    if number % 3 == 0 { try drain(rounds: 2) }
                    try producer.produce(number)
                }
            }
            let consumers = (0..<2).map { _ in
                Fiber.spawn {
                    while run.taken.count < 8, let number = try producer.consume() { run.taken.append(number) }
                }
            }
            while !consumers.allSatisfy(\.isDone) {
                if run.rounds == round { consumers[0].cancel() }
                run.rounds += 1
                try Fiber.yield()
            }
            run.rest = try producer.collect()
            return run
        }
    }

    @Test func `cancelling a consumer at any point loses no value`() throws {
        let undisturbed = try run(cancellingAfter: .max)
        for round in 0...undisturbed.rounds {
            let disturbed = try run(cancellingAfter: round)
            #expect(disturbed.taken + disturbed.rest == Array(1...10), "cancelled after \(round) rounds")
        }
    }

    /// Consumes as long as there is something, and cancels the body after `round` rounds.
    private func consumed(cancellingAfter round: Int) throws -> (values: [Int], produced: Int, isOver: Bool) {
        try inFiber {
            var (values, produced) = ([Int](), 0)
            let producer = Producer<Int> { producer in
                for number in 1...10 {
                    if number % 3 == 0 { try Fiber.yield() }
                    try producer.produce(number)
                    produced = number
                }
            }
            let consumer = Fiber.spawn { for value in producer { values.append(value) } }
            for _ in 0..<round { try Fiber.yield() }
            producer.cancel()
            try consumer.wait()
            return (values, produced, producer.fiber.isDone)
        }
    }

    @Test(arguments: 0..<40)
    func `cancelling the body at any point ends the loop, with every value that was handed over`(round: Int) throws {
        let (values, produced, isOver) = try consumed(cancellingAfter: round)
        #expect(isOver && values == Array((1...10).prefix(values.count)))
        #expect(produced == values.count || produced == values.count - 1)
    }

    @Test func `cancelling a producer that nobody consumed ends it without running`() throws {
        try inFiber {
            var hasRun = false
            let producer = Producer<Int> { _ in hasRun = true }
            producer.cancel()
            #expect(throws: CancellationError.self) { try producer.consume() }
            #expect(!hasRun && producer.next() == nil)
        }
    }

    @Test func `cancelling a body that is about to start wakes its consumer`() throws {
        try inFiber {
            var hasRun = false
            let producer = Producer<Int> { _ in hasRun = true }
            let consumer = Fiber { try producer.consume() }
            try Fiber.yield(to: consumer)
            #expect(producer.fiber.state == .queued)
            producer.cancel()
            try consumer.waitUntilDone()
            #expect(!hasRun && consumer.failure is CancellationError)
        }
    }

    @Test func `P5: cancelling a loop ends it, and the next park throws`() throws {
        try inFiber {
            var hasLeft = false
            let producer = Producer<Int> { _ in try Fiber.park() }
            let fiber = Fiber.spawn {
                for _ in producer {}
                hasLeft = true
                try Fiber.yield()
            }
            try drain()
            fiber.cancel()
            try fiber.waitUntilDone()
            #expect(hasLeft && fiber.failure is CancellationError)
        }
    }

    @Test func `a time limit around consume leaves the value to the next consumer`() throws {
        try inFiber {
            let producer = Producer<Int> { producer in
                try Fiber.park()
                try producer.produce(1)
            }
            #expect(throws: TimeoutError.self) { try withTimeout(.zero) { try producer.consume() } }
            producer.fiber.schedule()
            try drain()
            try #expect(producer.consume() == 1)
        }
    }
}
