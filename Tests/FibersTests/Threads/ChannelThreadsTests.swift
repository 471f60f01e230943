// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// Channels that several threads share.
@Suite(.timeLimit(.minutes(1))) struct ChannelThreadsTests {
    private static let countPerProducer = 1000

    private func put(_ producer: Int, into channel: Channel<Int>) throws {
        for number in 0..<Self.countPerProducer { try channel.put(producer * Self.countPerProducer + number) }
    }

    /// Those of one producer, in the order in which they were taken.
    private func elements(_ producer: Int, of taken: [Int]) -> [Int] {
        taken.filter { $0 / Self.countPerProducer == producer }
    }

    @Test(arguments: [0, 1, 32])
    func `CH5 CH6: elements of several threads arrive once each, and at each taker in their order`(capacity: Int) throws
    {
        try inFiber {
            let channel = Channel<Int>(capacity: capacity)
            let takers = try pools.map { try Threads.spawn(on: $0) { try channel.collect() } }
            let taker = Fiber.spawn { try channel.collect() }
            _ = try onThreeThreads { try put($0, into: channel) }
            channel.close()
            let taken = try [taker.fetch()] + takers.map { try $0.fetch() }
            #expect(taken.flatMap(\.self).sorted() == Array(0..<3 * Self.countPerProducer))
            for list in taken {
                for producer in 0..<3 { #expect(elements(producer, of: list) == elements(producer, of: list).sorted()) }
            }
        }
    }

    @Test(arguments: [0, 1, 32])
    func `CH18: one taker gets all elements of several threads, those of each producer in order`(
        capacity: Int
    ) throws {
        try inFiber {
            let channel = Channel<Int>(capacity: capacity)
            let taker = try Threads.spawn { try channel.collect() }
            _ = try onThreeThreads { try put($0, into: channel) }
            channel.close()
            let taken = try taker.fetch()
            for producer in 0..<3 {
                let first = producer * Self.countPerProducer
                #expect(elements(producer, of: taken) == Array(first..<first + Self.countPerProducer))
            }
        }
    }

    @Test func `CH5: threads that only try put what another takes, each element once`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 4)
            let taker = try Threads.spawn {
                var taken: [Int] = []
                while channel.isOpen || channel.isReady {
                    if let element = channel.takeIfAvailable() { taken.append(element) } else { try Fiber.yield() }
                }
                return taken
            }
            for number in 0..<2000 {
                while !channel.putIfAvailable(number) { try Fiber.yield() }
            }
            channel.close()
            try #expect(taker.fetch() == Array(0..<2000))
        }
    }

    @Test func `CH17: a loop on one thread ends when another closes the channel`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 2)
            let sum = try Threads.spawn {
                var sum = 0
                for number in channel { sum += number }
                return sum
            }
            for number in 1...100 { try channel.put(number) }
            channel.close()
            try #expect(sum.fetch() == 5050)
        }
    }

    @Test func `CH3: the producer is seen on its own thread only`() throws {
        try inFiber {
            let channel = try Threads.spawn {
                let channel = Channel<Int>.producing { try $0.put(1) }
                #expect(channel.producer != nil)
                return channel
            }.fetch()
            #expect(channel.producer == nil)
            try #expect(channel.collect() == [1])
        }
    }

    @Test func `a message may be large, and goes away once, wherever it was taken`() throws {
        typealias Message = (Flag, Int, Int, Int, Int, Int)
        weak var last: Flag?
        try inFiber {
            let channel = Channel<Message>()
            let taker = try Threads.spawn { try channel.collect().reduce(0) { $0 + $1.1 + $1.5 } }
            for number in 0..<100 {
                let flag = Flag()
                last = flag
                try channel.put((flag, number, 0, 0, 0, number))
            }
            channel.close()
            try #expect(taker.fetch() == 9900)
            let wasFreed = try timedWait(timeout: .seconds(20), pollInterval: .milliseconds(1)) { last == nil }
            #expect(wasFreed == .ok)
        }
    }
}
