// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ProducerReplyTests {
    @Test func `P3: one reply comes out bare, and the first is lost`() throws {
        try inFiber {
            var replies: [String] = []
            let producer = Producer<Int, String> { producer in
                for number in 1...3 { replies.append(try producer.produce(number)) }
            }
            for reply in ["a", "b", "c", "z"] { _ = try producer.consume(reply) }
            #expect(replies == ["b", "c", "z"])
        }
    }

    @Test func `P3: several replies come out as a tuple`() throws {
        try inFiber {
            let producer = Producer<Int, String, Bool>.returning { producer in
                let (text, isLong) = try producer.produce(1)
                return isLong ? text.count : 0
            }
            try #expect(producer.consume("lost", false) == 1)
            try #expect(producer.consume("four", true) == 4)
        }
    }

    @Test func `P3 P4: of several consumers, each reply comes out once, in the order they came`() throws {
        try inFiber {
            var replies: [Int] = []
            let producer = Producer<Int, Int> { producer in
                for number in 1...6 { replies.append(try producer.produce(number)) }
            }
            let consumers = (0..<3).map { index in
                Fiber.spawn { for round in 0..<2 { _ = try producer.consume(10 * index + round) } }
            }
            try waitAll(consumers)
            #expect(replies == [10, 20, 1, 11, 21])
        }
    }

    @Test func `P3: the reply of a consumer that left is not returned`() throws {
        try inFiber {
            var replies: [String] = []
            let producer = Producer<Int, String> { producer in
                for number in 1...2 { replies.append(try producer.produce(number)) }
            }
            _ = try producer.consume("lost")
            let quitter = Fiber.spawn { try producer.consume("quitter") }
            quitter.cancel()
            try quitter.waitUntilDone()
            try #expect(producer.consume("stayer") == 2)
            #expect(replies == ["stayer"])
        }
    }

    @Test func `replies and values end their lives once`() throws {
        try inFiber {
            let census = Census()
            let producer = Producer<Census.Member, Census.Member> { producer in
                for _ in 0..<3 { _ = try producer.produce(census.newMember()) }
            }
            while try producer.consume(census.newMember()) != nil {}
            let quitter = Fiber.spawn { try producer.consume(census.newMember()) }
            quitter.cancel()
            try quitter.waitUntilDone()
            #expect(census.living == 0)
        }
    }
}
