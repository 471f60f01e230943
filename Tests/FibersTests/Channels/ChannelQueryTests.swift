// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ChannelQueryTests {
    @Test func `CH8 CH9 CH10 CH11: the counts follow what is put, parked puts included`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 2)
            #expect(channel.isEmpty && !channel.isReady && !channel.isFull && channel.isOpen)
            for count in 1...4 {
                Fiber.spawn { try channel.put(count) }
                try Fiber.yield()
                #expect(channel.count == count && channel.isReady && !channel.isEmpty)
                #expect(channel.isFull == (count >= 2))
            }
            for count in [3, 2, 1, 0] {
                _ = try channel.take()
                #expect(channel.count == count && channel.isFull == (count >= 2))
            }
        }
    }

    @Test func `CH8 CH10: without a buffer a channel is always full, and ready while a put is parked`() throws {
        try inFiber {
            let channel = Channel<Int>()
            #expect(channel.isFull && channel.isEmpty)
            Fiber.spawn { try channel.put(1) }
            try Fiber.yield()
            #expect(channel.isFull && channel.isReady && channel.count == 1)
            #expect(channel.takeIfAvailable() == 1)
            #expect(channel.isFull && channel.isEmpty && channel.count == 0)
        }
    }

    @Test func `Q4 CH8 CH12: after close only what can still be taken counts`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 1)
            for element in 1...3 { Fiber.spawn { try? channel.put(element) } }
            try Fiber.yield()
            #expect(channel.count == 3)
            channel.close()
            #expect(!channel.isOpen && channel.count == 1 && channel.isReady)
            try #expect(channel.take() == 1)
            #expect(channel.isEmpty && !channel.isReady)
        }
    }

    @Test func `CH20: the description tells the type, the capacity and what can be taken`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 3)
            try channel.put(1)
            #expect("\(channel)" == "Channel<Int>(3) (1 item available)")
            try channel.put(2)
            #expect("\(channel)" == "Channel<Int>(3) (2 items available)")
            channel.close()
            #expect("\(channel)" == "Channel<Int>(3) (closed)")
        }
    }

    @Test func `CH7 W14: fetchers all see the oldest element, which stays`() throws {
        try inFiber {
            let channel = Channel<String>(capacity: 2)
            let fibers = (0..<3).map { _ in Fiber.spawn { try channel.fetch() } }
            try Fiber.yield()
            try channel.put("first")
            try channel.put("second")
            try #expect(fibers.allSatisfy { try $0.fetch() == "first" })
            try #expect(channel.fetch() == "first" && channel.count == 2)
            channel.close()
            try #expect(channel.fetch() == "first")
        }
    }

    @Test func `CH7 Q3: fetchers and takers are served in the order they came`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 2)
            let early = Fiber.spawn { try channel.fetch() }
            let taker = Fiber.spawn { try channel.take() }
            let late = Fiber.spawn { try channel.fetch() }
            try Fiber.yield()
            try channel.put(1)
            try channel.put(2)
            try #expect(early.fetch() == 1 && taker.fetch() == 1 && late.fetch() == 2)
            #expect(channel.count == 1)
        }
    }

    @Test func `CH7: without a buffer nothing can be fetched`() throws {
        try inFiber {
            let channel = Channel<Int>()
            for _ in 0..<2 {
                let error = #expect(throws: ConcurrencyViolationError.self) { try channel.fetch() }
                #expect(error?.message == "`fetch` is not supported on an unbuffered Channel.")
                channel.close()
            }
        }
    }

    @Test(arguments: [0, 1])
    func `W6 CH13: waiters return when something can be taken, and remove nothing`(capacity: Int) throws {
        try inFiber {
            let channel = Channel<Int>(capacity: capacity)
            let waiters = (0..<2).map { _ in Fiber.spawn { try channel.wait() } }
            try drain()
            #expect(waiters.allSatisfy { $0.state == .waiting })
            let putter = Fiber.spawn { try channel.put(1) }
            try drain()
            #expect(waiters.allSatisfy(\.isDone) && putter.isDone == (capacity == 1))
            try channel.wait()
            try #expect(channel.take() == 1)
        }
    }

    @Test func `W6: a waiter whose element is taken before it runs goes on waiting`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 1)
            let waiter = Fiber.spawn { try channel.wait() }
            try Fiber.yield()
            try channel.put(1)
            #expect(channel.takeIfAvailable() == 1)
            try drain()
            #expect(waiter.state == .waiting)
            try channel.put(2)
            try waiter.wait()
        }
    }

    @Test func `W6: ready wins over closed`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 1)
            let waiter = Fiber.spawn { try channel.wait() }
            try Fiber.yield()
            try channel.put(1)
            channel.close()
            try waiter.wait()
            try channel.wait()
        }
    }

    @Test func `what can be done without parking is, and nothing else`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 1)
            #expect(channel.takeIfAvailable() == nil)
            #expect(channel.putIfAvailable(1) && !channel.putIfAvailable(2))
            #expect(channel.takeIfAvailable() == 1)
            let taker = Fiber.spawn { try channel.take() }
            try Fiber.yield()
            #expect(channel.putIfAvailable(3) && channel.putIfAvailable(4) && !channel.putIfAvailable(5))
            try #expect(taker.fetch() == 3)
            channel.close()
            #expect(!channel.putIfAvailable(6) && channel.takeIfAvailable() == 4 && channel.takeIfAvailable() == nil)
        }
    }

    @Test func `R17: the report tells what a fiber wants of which channel`() throws {
        try inFiber {
            let full = Channel<Int>(capacity: 1)
            let empty = Channel<String>(capacity: 2)
            for element in 1...2 { Fiber.spawn { try full.put(element) } }
            Fiber.spawn { try empty.fetch() }
            Fiber.spawn { try empty.wait() }
            let error = #expect(throws: DeadlockError.self) { try empty.take() }
            #expect(
                error?.fibers.map(\.waitsFor) == [
                    "to take from Channel<String>(2) (empty)", "to put into Channel<Int>(1) (2 items available)",
                    "to fetch from Channel<String>(2) (empty)",
                    "for something to take from Channel<String>(2) (empty)",
                ])
        }
    }
}
