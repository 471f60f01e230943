// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ChannelIterationTests {
    @Test(arguments: [0, 2])
    func `CH3 CH17: a loop gets what the producer puts, and ends with it`(capacity: Int) throws {
        try inFiber {
            let channel = Channel<Int>.producing(capacity: ChannelCapacity(capacity)) { channel in
                for number in 1...5 { try channel.put(number * number) }
            }
            var squares: [Int] = []
            for square in channel { squares.append(square) }
            #expect(squares == [1, 4, 9, 16, 25])
            #expect(channel.producer?.isDone == true && !channel.isOpen)
        }
    }

    @Test func `CH3 CH4: the producer first runs when its maker parks, and closes when it ends`() throws {
        try inFiber {
            var hasRun = false
            let channel = Channel<Int>.producing(name: "producer") { _ in hasRun = true }
            #expect(!hasRun && channel.isOpen && channel.producer?.name == "producer")
            try Fiber.yield()
            #expect(hasRun && !channel.isOpen)
        }
    }

    @Test func `CH17: a loop that is parked when the channel closes ends`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 1)
            let fiber = Fiber.spawn { channel.reduce(0, +) }
            for number in 1...3 {
                try channel.put(number)
                try Fiber.yield()
            }
            channel.close()
            try #expect(fiber.fetch() == 6)
        }
    }

    @Test func `CH17: several loops share the elements`() throws {
        try inFiber {
            let channel = Channel<Int>.producing { for number in 0..<30 { try $0.put(number) } }
            let fibers = (0..<3).map { _ in Fiber.spawn { Array(channel) } }
            let shares = try fibers.map { try $0.fetch() }
            #expect(shares.flatMap { $0 }.sorted() == Array(0..<30))
            #expect(shares.allSatisfy { $0.count > 5 })
        }
    }

    @Test func `CH3 CH15 CH17: a throwing loop gets every element, then the error of the producer`() throws {
        try inFiber {
            let channel = Channel<Int>.producing(capacity: 2) { channel in
                for number in 1...3 { try channel.put(number) }
                throw Failure("expected")
            }
            var numbers: [Int] = []
            let error = #expect(throws: FiberFailedError.self) { try channel.forEach { numbers.append($0) } }
            #expect(numbers == [1, 2, 3] && error?.error is Failure)
            #expect(throws: FiberFailedError.self) { try channel.collect() }
        }
    }

    @Test func `CH17: a throwing loop ends normally at close, and with what its body throws`() throws {
        try inFiber {
            let channel = Channel<Int>.producing { for number in 1...4 { try $0.put(number) } }
            #expect(throws: Failure.self) {
                try channel.forEach { if $0 == 2 { throw Failure("expected") } }
            }
            try #expect(channel.collect() == [3, 4])
            try #expect(channel.collect() == [])
        }
    }

    @Test func `CH15 CH17: the error of the closing ends a throwing loop after the last element, a plain one silently`()
        throws
    {
        try inFiber {
            let channels = (0..<2).map { _ in Channel<Int>(capacity: 2) }
            for channel in channels {
                for number in 1...2 { try channel.put(number) }
                channel.close(throwing: Failure("expected"))
            }
            var numbers: [Int] = []
            #expect(throws: Failure.self) { try channels[0].forEach { numbers.append($0) } }
            for number in channels[1] { numbers.append(number) }
            #expect(numbers == [1, 2, 1, 2])
        }
    }

    @Test func `CH17: cancelling a loop ends it, and the next park throws`() throws {
        try inFiber {
            let channel = Channel<Int>()
            var hasLeft = false
            let fiber = Fiber.spawn {
                for _ in channel {}
                hasLeft = true
                try Fiber.yield()
            }
            try Fiber.yield()
            fiber.cancel()
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(hasLeft && fiber.failure is CancellationError && channel.isOpen)
        }
    }

    @Test func `CH17: an error thrown at a loop ends it, and is not lost`() throws {
        try inFiber {
            let channel = Channel<Int>()
            let fiber = Fiber.spawn {
                for _ in channel {}
                #expect(throws: Failure.self) { try Fiber.yield() }
                try Fiber.yield()
            }
            try Fiber.yield()
            fiber.schedule(throwing: Failure("expected"))
            try fiber.wait()
        }
    }

    @Test func `CH17: an error thrown at a loop before the channel closes is not lost either`() throws {
        try inFiber {
            let channel = Channel<Int>()
            let fiber = Fiber.spawn {
                for _ in channel {}
                try Fiber.yield()
            }
            try Fiber.yield()
            fiber.schedule(throwing: Failure("expected"))
            channel.close()
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(fiber.failure is Failure)
        }
    }

    @Test func `CH17: a time limit ends a loop and the park after it, and nothing after the limit`() throws {
        try inFiber {
            let channel = Channel<Int>()
            try withTimeout(.milliseconds(1)) {
                for _ in channel {}
                #expect(throws: TimeoutError.self) { try Fiber.yield() }
            }
            try withTimeout(.milliseconds(1)) { for _ in channel {} }
            try Fiber.yield()
            #expect(throws: TimeoutError.self) { try withTimeout(.milliseconds(1)) { try channel.put(1) } }
            #expect(channel.isEmpty)
        }
    }

    @Test func `R17: a loop that can never end ends, and the next park throws the report`() throws {
        try inFiber {
            for _ in Channel<Int>() {}
            #expect(throws: DeadlockError.self) { try Fiber.yield() }
            try Fiber.yield()
        }
    }

    @Test func `a producer and its channel go away together`() throws {
        try inFiber {
            weak var channel: Channel<Int>?
            weak var producer: AnyFiber?
            func use() throws {
                let made = Channel<Int>.producing { try $0.put(1) }
                (channel, producer) = (made, made.producer)
                try #expect(made.collect() == [1])
            }
            try use()
            #expect(channel == nil && producer == nil)
        }
    }
}
