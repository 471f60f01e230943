// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ChannelInterruptionTests {
    @Test(arguments: [0, 2])
    func `a cancelled putter takes its element back, and the others keep their order`(capacity: Int) throws {
        try inFiber {
            let census = Census()
            let channel = Channel<(Int, Census.Member)>(capacity: capacity)
            let putters = (0..<6).map { number in
                Fiber.spawn { try channel.put((number, census.newMember())) }
            }
            try Fiber.yield()
            for number in [3, 5] { putters[number].cancel() }
            #expect(channel.count == 4)
            try Fiber.yield()
            #expect(census.living == 4)
            try #expect([0, 1, 2, 4] == (0..<4).map { _ in try channel.take().0 })
            #expect(channel.isEmpty)
            for number in [3, 5] { #expect(throws: FiberFailedError.self) { try putters[number].wait() } }
        }
    }

    @Test(arguments: [0, 2])
    func `a cancelled taker leaves the elements to the others`(capacity: Int) throws {
        try inFiber {
            let channel = Channel<Int>(capacity: capacity)
            let takers = (0..<3).map { _ in Fiber.spawn { try channel.take() } }
            try Fiber.yield()
            takers[0].cancel()
            try channel.put(1)
            try channel.put(2)
            try #expect(takers[1].fetch() == 1 && takers[2].fetch() == 2)
            #expect(throws: FiberFailedError.self) { try takers[0].wait() }
        }
    }

    @Test func `an element handed over before the cancellation is returned`() throws {
        try inFiber {
            let channel = Channel<Int>()
            let taker = Fiber.spawn {
                let element = try channel.take()
                #expect(throws: CancellationError.self) { try Fiber.yield() }
                return element
            }
            try Fiber.yield()
            try channel.put(1)
            taker.cancel()
            channel.close()
            try #expect(taker.fetch() == 1)
        }
    }

    @Test func `a put whose element was taken before the cancellation returns`() throws {
        try inFiber {
            let channel = Channel<Int>()
            var hasPut = false
            let putter = Fiber.spawn {
                try channel.put(1)
                hasPut = true
            }
            try Fiber.yield()
            try #expect(channel.take() == 1)
            putter.cancel()
            try putter.wait()
            #expect(hasPut && channel.isEmpty)
        }
    }

    @Test func `CH14: a wait that closing decided throws the closing error, whatever comes later`() throws {
        try inFiber {
            let channel = Channel<Int>()
            let calls: [() throws -> Void] = [{ _ = try channel.take() }, { try channel.wait() }]
            let fibers = calls.map { call in
                Fiber.spawn {
                    #expect(throws: ChannelClosedError.self) { try call() }
                    #expect(throws: CancellationError.self) { try Fiber.yield() }
                }
            }
            try Fiber.yield()
            channel.close()
            for fiber in fibers { fiber.cancel() }
            for fiber in fibers { try fiber.wait() }
        }
    }

    @Test func `a deadlocked put of the root takes its element back`() throws {
        try inFiber {
            let channel = Channel<Int>()
            #expect(throws: DeadlockError.self) { try channel.put(1) }
            #expect(channel.isEmpty)
        }
    }

    private struct Run {
        var put: [Int] = []
        var taken: [Int] = []
        var rounds = 0
        var livingAtEnd = 0
    }

    private enum Victim: CaseIterable {
        case putter, taker
    }

    /// Two putters with ten elements each, two takers. One of them is interrupted after `round` rounds; then the root
    /// takes until nothing is left.
    private func run(_ capacity: Int, _ victim: Victim, interruptedAfter round: Int, cancelling: Bool) throws -> Run {
        var run = Run()
        let census = Census()
        try inFiber {
            let channel = Channel<(Int, Census.Member)>(capacity: capacity)
            let putters = [0, 10].map { start in
                Fiber.spawn {
                    for number in start..<start + 10 {
                        try channel.put((number, census.newMember()))
                        run.put.append(number)
                        if number % 4 == 0 { try Fiber.yield() }
                    }
                }
            }
            let takers = (0..<2).map { _ in
                Fiber.spawn {
                    while true {
                        run.taken.append(try channel.take().0)
                        if run.taken.count % 3 == 0 { try Fiber.yield() }
                    }
                }
            }
            let fiber: AnyFiber = victim == .putter ? putters[0] : takers[0]
            while !putters.allSatisfy(\.isDone), run.rounds < 200 {
                if run.rounds == round, !fiber.isDone {
                    cancelling ? fiber.cancel() : fiber.schedule(throwing: Failure("expected"))
                }
                run.rounds += 1
                try Fiber.yield()
            }
            try drain()
            while let element = channel.takeIfAvailable() { run.taken.append(element.0) }
            channel.close()
            for fiber in putters { _ = try? fiber.wait() }
            for fiber in takers { _ = try? fiber.wait() }
        }
        run.livingAtEnd = census.living
        return run
    }

    @Test(arguments: [0, 1, 3], [false, true])
    func `CH18: an interruption at any moment loses nothing, delivers nothing twice`(capacity: Int, cancelling: Bool)
        throws
    {
        for victim in Victim.allCases {
            let undisturbed = try self.run(capacity, victim, interruptedAfter: .max, cancelling: cancelling)
            #expect(undisturbed.taken.sorted() == Array(0..<20))
            for round in 0..<undisturbed.rounds {
                let run = try self.run(capacity, victim, interruptedAfter: round, cancelling: cancelling)
                #expect(run.taken.sorted() == run.put.sorted(), "\(victim) interrupted after \(round) rounds")
                #expect(run.livingAtEnd == 0)
            }
        }
    }
}
