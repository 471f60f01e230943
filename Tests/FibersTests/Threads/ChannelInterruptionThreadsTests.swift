// SPDX-License-Identifier: MIT
@testable import Fibers
import Testing

/// Nothing is lost and nothing comes twice where a wait is cut while another thread hands over.
@Suite(.timeLimit(.minutes(1))) struct ChannelInterruptionThreadsTests {
    /// Puts numbers from 0 until so many cuts were survived. Returns how many numbers.
    private static func putThroughCuts(_ channel: Channel<Int>, cuts limit: Int) throws -> Int {
        let putter = Fiber.spawn {
            var (cuts, count) = (0, 0)
            while cuts < limit {
                try repeating(&cuts) { try channel.put(count) }
                count += 1
            }
            return count
        }
        try cutWaits(of: putter, seed: 1)
        return try putter.fetch()
    }

    private static func takeThroughCuts(_ channel: Channel<Int>, seed: UInt64) throws -> [Int] {
        let taker = Fiber.spawn {
            var (cuts, taken): (Int, [Int]) = (0, [])
            do {
                while true { try taken.append(repeating(&cuts) { try channel.take() }) }
            } catch is ChannelClosedError {}
            return taken
        }
        try cutWaits(of: taker, seed: seed)
        return try taker.fetch()
    }

    @Test(arguments: [0, 1, 4])
    func `R10: thousands of cuts of puts and takes lose no element and double none`(capacity: Int) throws {
        try inFiber {
            let channel = Channel<Int>(capacity: capacity)
            let takers = try pools.enumerated().map { index, pool in
                try Threads.spawn(on: pool) { try Self.takeThroughCuts(channel, seed: UInt64(index) + 2) }
            }
            let count = try Self.putThroughCuts(channel, cuts: 3500)
            channel.close()
            let taken = try takers.map { try $0.fetch() }
            #expect(taken.flatMap(\.self).sorted() == Array(0..<count))
            #expect(taken.allSatisfy { $0 == $0.sorted() })
        }
    }

    @Test func `a take that is cancelled from another thread has the element or leaves it`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 1)
            for round in 0..<300 {
                let taker = try Threads.spawn { try channel.take() }
                if round.isMultiple(of: 2) { try awaitWaiters(1, of: channel) }
                let canceller = try Threads.spawn(on: .interactive) { taker.cancel() }
                try channel.put(round)
                try canceller.wait()
                let taken = try? taker.fetch()
                #expect((taken ?? channel.takeIfAvailable()) == round && channel.isEmpty)
            }
        }
    }

    @Test func `a put that is cancelled from another thread has given its element away or keeps it`() throws {
        try inFiber {
            let channel = Channel<Int>()
            for round in 0..<300 {
                let putter = try Threads.spawn { try channel.put(round) }
                if round.isMultiple(of: 2) { try awaitWaiters(1, of: channel, queue: 1) }
                let canceller = try Threads.spawn(on: .interactive) { putter.cancel() }
                var taken: Int?
                while taken == nil, !putter.isDone {
                    taken = channel.takeIfAvailable()
                    try Fiber.yield()
                }
                try canceller.wait()
                let hasPut = failure(of: putter.wait) == nil
                #expect((taken == round) == hasPut && channel.isEmpty)
            }
        }
    }

    @Test func `a time limit ends a take or lets the element through, never both`() throws {
        try inFiber {
            let channel = Channel<Int>()
            let taker = try Threads.spawn {
                var taken: [Int] = []
                while channel.isOpen {
                    if let element = try? withTimeout(.zero, channel.take) { taken.append(element) }
                }
                return taken
            }
            var count = 0
            for _ in 0..<1000 {
                if failure(of: { try withTimeout(.microseconds(100)) { try channel.put(count) } }) == nil { count += 1 }
            }
            channel.close()
            try #expect(taker.fetch() == Array(0..<count))
            #expect(count > 0)
        }
    }

    @Test func `an element that was handed over before the cut is returned, and the next park throws`() throws {
        try inFiber {
            let channel = Channel<Int>()
            let (isHandedOver, gate) = (WakeUp(), Gate())
            let fiber = try Threads.spawn {
                let taker = Fiber.spawn {
                    let element = try channel.take()
                    #expect(throws: Cut.self) { try Fiber.yield() }
                    return element
                }
                try Fiber.yield()
                isHandedOver.send()
                gate.wait()
                taker.schedule(throwing: Cut())
                return try taker.fetch()
            }
            try isHandedOver.wait()
            try channel.put(7)
            gate.open()
            try #expect(fiber.fetch() == 7)
        }
    }
}
