// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct WaitAnyTests {
    private let never = Condition<Void>()

    /// One fiber that has finished, one that will fail after some rounds, and one that never ends.
    private func makeFibers() -> [Fiber<Int>] {
        [
            Fiber.spawn { 1 },
            Fiber.spawn {
                try drain(rounds: 5)
                throw Failure("expected")
            },
            Fiber.spawn {
                try never.wait()
                return 3
            },
        ]
    }

    @Test func `NW1: waitAny returns with the first, and says who has finished`() throws {
        try inFiber {
            let fibers = makeFibers()
            let (finished, unfinished) = try waitAny(fibers)
            #expect(finished.map(ObjectIdentifier.init) == [ObjectIdentifier(fibers[0])])
            #expect(unfinished.map(ObjectIdentifier.init) == fibers[1...].map(ObjectIdentifier.init))
        }
    }

    @Test func `NW1: waitAny returns at once if one has finished, with all that have`() throws {
        try inFiber {
            let fibers = makeFibers()
            try drain()
            let (finished, unfinished) = try waitAny(fibers.reversed(), throwing: false)
            #expect(finished.map(ObjectIdentifier.init) == [fibers[1], fibers[0]].map(ObjectIdentifier.init))
            #expect(unfinished.count == 1)
        }
    }

    @Test func `NW1: waitAny throws the failures among the finished`() throws {
        try inFiber {
            let fibers = makeFibers()
            try drain()
            let error = #expect(throws: CompositeError.self) { try waitAny(fibers) }
            #expect((error?.errors.first as? FiberFailedError)?.fiber === fibers[1])
            #expect(error?.errors.count == 1)
        }
    }

    @Test func `NW1 NW2: no fibers are no wait`() throws {
        try inFiber {
            let none: [AnyFiber] = []
            for result in [try waitAny(none), try waitAll(none)] {
                #expect(result.finished.isEmpty && result.unfinished.isEmpty)
            }
        }
    }

    @Test func `NW1: waiting leaves nothing behind in fibers that go on`() throws {
        try inFiber {
            let endless = Fiber.spawn { try never.wait() }
            for number in 0..<3 {
                let quick = Fiber.spawn { number }
                let (finished, unfinished) = try waitAny([endless, quick] as [AnyFiber])
                #expect(finished.first === quick && unfinished.first === endless)
            }
            never.notify()
            try endless.wait()
        }
    }

    @Test func `NW2: waitAll waits for all, whatever their order`() throws {
        try inFiber {
            let fibers = [7, 2, 5].map { rounds in
                Fiber.spawn {
                    try drain(rounds: rounds)
                    return rounds
                }
            }
            let (finished, unfinished) = try waitAll(fibers)
            let results = try finished.map { try $0.fetch() }
            #expect(results == [7, 2, 5] && unfinished.isEmpty)
        }
    }

    @Test func `NW2: waitAll ends at the first failure`() throws {
        try inFiber {
            let fibers = makeFibers()
            #expect(throws: CompositeError.self) { try waitAll(fibers) }
            #expect(fibers.map(\.state) == [.done, .failed, .waiting])
            let (finished, unfinished) = try waitAll(fibers, throwing: false)
            #expect(finished.count == 2 && unfinished.count == 1)
        }
    }

    @Test func `NW2: without failFast, waitAll waits for those that go on`() throws {
        try inFiber {
            let fibers = makeFibers()
            Fiber.spawn {
                try drain(rounds: 40)
                never.notify()
            }
            let error = #expect(throws: CompositeError.self) { try waitAll(fibers, failFast: false) }
            #expect(fibers.map(\.state) == [.done, .failed, .done])
            #expect(error?.errors.count == 1)
        }
    }

    @Test func `NW2: several may wait for the same fibers, and a fiber may be named twice`() throws {
        try inFiber {
            let fiber = Fiber.spawn { try never.wait() }
            let waiters = (0..<3).map { _ in Fiber.spawn { try waitAll([fiber, fiber]).finished.count } }
            try drain()
            never.notify()
            try #expect(waiters.map { try $0.fetch() } == [2, 2, 2])
        }
    }

    @Test func `NW1 NW2: waiting for oneself is refused, and nothing is left behind`() throws {
        try inFiber {
            let other = Fiber.spawn {}
            let fibers = [other, Fiber.current]
            #expect(throws: ConcurrencyViolationError.self) { try waitAny(fibers) }
            #expect(throws: ConcurrencyViolationError.self) { try waitAll(fibers) }
            try other.wait()
        }
    }

    @Test func `NW2: fibers that were never scheduled are waited for`() throws {
        try inFiber {
            let fibers = [Fiber {}, Fiber {}]
            let waiter = Fiber.spawn { try waitAll(fibers) }
            try drain()
            #expect(waiter.state == .waiting)
            for fiber in fibers { fiber.schedule() }
            try waiter.wait()
        }
    }

    @Test func `NW1: an interrupted wait leaves the fibers alone`() throws {
        try inFiber {
            let fibers = [Fiber.spawn { try never.wait() }, Fiber.spawn { try never.wait() }]
            #expect(throws: TimeoutError.self) { try withTimeout(.zero) { try waitAny(fibers) } }
            never.notify()
            try #expect(waitAll(fibers).finished.count == 2)
        }
    }

    @Test func `NW2: a deadlock says how many are missing`() throws {
        try inFiber {
            let fibers = [Fiber {}, Fiber {}, Fiber.spawn {}]
            let error = #expect(throws: DeadlockError.self) { try waitAll(fibers) }
            #expect(error?.fibers.first?.waitsFor == "for 2 of several fibers")
        }
    }
}
