// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// Direct hand-off, first in first out, where Julia wakes all and lets the first that runs win.
@Suite struct ChannelFairnessTests {
    @Test func `CH5 CH6 Q3: without a buffer, meeting who is parked already does not switch`() throws {
        try inFiber {
            let channel = Channel<Int>()
            var others = 0
            let taker = Fiber.spawn { try channel.take() }
            let putter = Fiber { try channel.put(2) }
            try Fiber.yield()
            Fiber.spawn { others += 1 }
            try channel.put(1)
            #expect(others == 0)
            try #expect(taker.fetch() == 1)
            putter.schedule()
            try Fiber.yield()
            Fiber.spawn { others += 1 }
            try #expect(channel.take() == 2 && others == 1)
        }
    }

    @Test(arguments: [0, 2])
    func `CH6 CH18 Q3: takers are served in the order they came`(capacity: Int) throws {
        try inFiber {
            let channel = Channel<Int>(capacity: capacity)
            var log: [String] = []
            for number in 1...3 {
                Fiber.spawn { for _ in 0..<2 { log.append("\(number):\(try channel.take())") } }
            }
            try Fiber.yield()
            for element in 1...6 {
                try channel.put(element)
                try Fiber.yield()
            }
            #expect(log == ["1:1", "2:2", "3:3", "1:4", "2:5", "3:6"])
        }
    }

    @Test(arguments: [0, 2])
    func `CH5 Q3: putters are served in the order they came, and a late one does not overtake`(capacity: Int) throws {
        try inFiber {
            let channel = Channel<Int>(capacity: capacity)
            for element in 0..<capacity { try channel.put(element) }
            for element in capacity..<5 { Fiber.spawn { try channel.put(element) } }
            try Fiber.yield()
            try #expect(channel.take() == 0)
            #expect(!channel.putIfAvailable(99))
            Fiber.spawn { try channel.put(5) }
            for element in 1...5 { try #expect(channel.take() == element) }
        }
    }

    @Test func `CH18 Q3: consumers in a loop share a full buffer evenly, and none starves`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 1)
            var counts = [0, 0, 0]
            for number in 0..<3 {
                Fiber.spawn { while true { counts[number] += try channel.take() } }
            }
            for _ in 0..<300 {
                try channel.put(1)
                try Fiber.yield()
            }
            #expect(counts.allSatisfy { 99...101 ~= $0 })
        }
    }
}
