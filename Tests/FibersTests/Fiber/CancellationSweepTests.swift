// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// Cancels a fiber once at every point of a scenario: before it parks, while it is parked, after its wait was decided.
@Suite struct CancellationSweepTests {
    /// A queue of numbers with direct hand-off, as a channel has it.
    private final class Mailbox {
        private let arrival = Condition<Int>()
        private(set) var stored: [Int] = []

        func put(_ number: Int) {
            if arrival.notifyOne(number) == 0 { stored.append(number) }
        }

        func take() throws -> Int {
            stored.isEmpty ? try arrival.wait() : stored.removeFirst()
        }
    }

    private struct Run {
        var taken: [Int] = []
        var left: [Int] = []
        var rounds = 0
        var wasCancelled = false
    }

    /// One fiber puts 1...10, in bursts of up to three; another takes. The root cancels the taker after `round` rounds,
    /// and takes what is left afterwards.
    private func run(cancellingAfter round: Int, spawningTakerFirst: Bool) throws -> Run {
        try inFiber {
            let mailbox = Mailbox()
            var run = Run()
            let taker = Fiber {
                while run.taken.count < 10 { run.taken.append(try mailbox.take()) }
            }
            let putter = Fiber {
                for number in 1...10 {
                    mailbox.put(number)
                    if number % 4 != 0 { try Fiber.yield() }
                }
            }
            for fiber in spawningTakerFirst ? [taker, putter] : [putter, taker] { fiber.schedule() }
            while !(taker.isDone && putter.isDone) {
                if run.rounds == round { taker.cancel() }
                run.rounds += 1
                try Fiber.yield()
            }
            run.wasCancelled = taker.failure is CancellationError
            run.left = mailbox.stored
            return run
        }
    }

    @Test(arguments: [false, true])
    func `cancelling a taker at any point loses nothing`(spawningTakerFirst: Bool) throws {
        let undisturbed = try run(cancellingAfter: .max, spawningTakerFirst: spawningTakerFirst)
        #expect(undisturbed.taken == Array(1...10))
        var cancelled = 0
        for round in 0...undisturbed.rounds {
            let disturbed = try run(cancellingAfter: round, spawningTakerFirst: spawningTakerFirst)
            #expect(disturbed.taken + disturbed.left == Array(1...10), "cancelled after \(round) rounds")
            if disturbed.wasCancelled { cancelled += 1 }
        }
        #expect(cancelled > 3)
    }

    /// Parks in every way the core has, four times each but for the sleeps; calls `atPark` before each.
    private func visitEveryPark(_ condition: Condition<Void>, _ joined: AnyFiber, atPark: () -> Void) throws {
        for _ in 0..<4 {
            atPark()
            try Fiber.yield()
            atPark()
            try Fiber.park()
            atPark()
            try condition.wait()
            atPark()
            try Fiber.sleep(for: .zero)
        }
        atPark()
        try joined.wait()
    }

    /// Runs the scenario, cancelled `delay` yields of the root after it comes to park number `park`.
    private func sweep(park: Int, delay: Int) throws -> (parks: Int, isUnwound: Bool, failure: (any Error)?) {
        try inFiber {
            var (parks, cancelIn, isUnwound) = (0, Int.max, false)
            let condition = Condition<Void>()
            let joined = Fiber.spawn { try Fiber.park() }
            let victim = Fiber.spawn {
                defer { isUnwound = true }
                try visitEveryPark(condition, joined) {
                    parks += 1
                    if parks == park { cancelIn = delay }
                }
            }
            while !victim.isDone {
                if cancelIn == 0 { victim.cancel() }
                if cancelIn < .max { cancelIn -= 1 }
                condition.notify()
                if parks == 17, joined.state == .runnable { joined.schedule() }
                if victim.state == .runnable, victim.isStarted { victim.schedule() }
                try Fiber.yield()
            }
            #expect(condition.isEmpty)
            return (parks, isUnwound, victim.failure)
        }
    }

    @Test(arguments: 0...2)
    func `cancelling at any park of any kind unwinds, and leaves no waiter behind`(delay: Int) throws {
        let undisturbed = try sweep(park: .max, delay: 0)
        #expect(undisturbed.parks == 17 && undisturbed.isUnwound && undisturbed.failure == nil)
        for park in 1...undisturbed.parks {
            let disturbed = try sweep(park: park, delay: delay)
            #expect(disturbed.isUnwound)
            #expect(disturbed.failure is CancellationError || disturbed.parks == 17)
            #expect(disturbed.parks <= park + delay + 1)
        }
    }
}
