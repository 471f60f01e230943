// SPDX-License-Identifier: MIT
@testable import Fibers
import Testing

/// The rest of what threads do with a channel: look, wait, close, and bind it.
@Suite(.timeLimit(.minutes(1))) struct ChannelEndThreadsTests {
    @Test func `CH7: a fetch gets a copy of what another thread puts, and the taker behind it gets the element`() throws
    {
        try inFiber {
            let channel = Channel<Int>(capacity: 1)
            let fetcher = try Threads.spawn { try channel.fetch() }
            try awaitWaiters(1, of: channel)
            let taker = try Threads.spawn(on: .interactive) { try channel.take() }
            try awaitWaiters(2, of: channel)
            try channel.put(7)
            try #expect(fetcher.fetch() == 7 && taker.fetch() == 7)
            #expect(channel.isEmpty)
        }
    }

    @Test(arguments: [0, 1])
    func `W6: a wait ends when another thread puts, and takes nothing`(capacity: Int) throws {
        try inFiber {
            let channel = Channel<Int>(capacity: capacity)
            let waiters = try pools.map { try Threads.spawn(on: $0) { try channel.wait() } }
            try awaitWaiters(2, of: channel, queue: 2)
            let putter = Fiber.spawn { try channel.put(7) }
            for waiter in waiters { try waiter.wait() }
            try #expect(channel.take() == 7)
            try putter.wait()
        }
    }

    @Test func `CH14 CH15: closing ends the calls of all threads with the error, the same one`() throws {
        try inFiber {
            let (empty, full) = (Channel<Int>(capacity: 1), Channel<Int>())
            let calls: [@Sendable () throws -> Void] = [
                { _ = try empty.take() }, { _ = try empty.fetch() }, { try empty.wait() }, { try full.put(1) },
            ]
            let fibers = try calls.flatMap { call in try pools.map { try Threads.spawn(on: $0, call) } }
            try awaitWaiters(4, of: empty)
            try awaitWaiters(2, of: empty, queue: 2)
            try awaitWaiters(2, of: full, queue: 1)
            let expected = Failure("over")
            for channel in [empty, full] { channel.close(throwing: expected) }
            for fiber in fibers {
                let error = #expect(throws: FiberFailedError.self) { try fiber.wait() }
                #expect(error?.error as? Failure === expected)
            }
            #expect(full.count == 0)
        }
    }

    @Test func `CH14: what was in the buffer can be taken after another thread closed the channel`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 3)
            try Threads.spawn {
                for number in 1...3 { try channel.put(number) }
                channel.close()
            }.wait()
            #expect(!channel.isOpen && !channel.putIfAvailable(4))
            try #expect(channel.collect() == [1, 2, 3])
            #expect(throws: ChannelClosedError.self) { try channel.take() }
        }
    }

    @Test func `CH14: among takers and a closing, every put that returned is taken`() throws {
        try inFiber {
            for round in 0..<200 {
                let channel = Channel<Int>(capacity: round % 3)
                let put = try Threads.spawn {
                    var count = 0
                    while (try? channel.put(count)) != nil { count += 1 }
                    return count
                }
                let taker = try Threads.spawn(on: .interactive) { try channel.collect() }
                for _ in 0..<round % 7 { try Fiber.yield() }
                channel.close()
                let (count, taken) = try (put.fetch(), taker.fetch())
                #expect(taken == Array(0..<count))
            }
        }
    }

    @Test func `CH16: a channel closes with the fiber of another thread to which it is bound`() throws {
        try inFiber {
            let channel = Channel<Int>()
            let fiber = try Threads.spawn {
                channel.bind(to: Fiber.current)
                try channel.put(1)
            }
            try #expect(channel.take() == 1)
            #expect(throws: ChannelClosedError.self) { try channel.take() }
            try fiber.wait()
        }
    }

    @Test func `CH16: the failure of a fiber of another thread reaches all who use its channel`() throws {
        try inFiber {
            let channel = Channel<Int>()
            let takers = try pools.map { try Threads.spawn(on: $0) { try channel.take() } }
            try awaitWaiters(2, of: channel)
            let expected = Failure("out of numbers")
            try Threads.spawn {
                let numbers = Fiber.spawn(name: "numbers") { throw expected }
                channel.bind(to: numbers)
                try numbers.waitUntilDone()
            }.wait()
            let error = #expect(throws: FiberFailedError.self) { try channel.take() }
            #expect(error?.error as? Failure === expected && error?.fiber.name == "numbers")
            for taker in takers {
                let error = #expect(throws: FiberFailedError.self) { try taker.wait() }
                #expect(error?.rootCause as? Failure === expected)
            }
        }
    }
}
