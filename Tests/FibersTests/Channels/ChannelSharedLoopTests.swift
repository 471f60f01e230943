// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ChannelSharedLoopTests {
    @Test func `NW5: several fibers share the elements, each once`() throws {
        try inFiber {
            var (numbers, fibers) = ([Int](), Set<ObjectIdentifier>())
            let channel = Channel<Int>.producing(capacity: 2) { for number in 0..<30 { try $0.put(number) } }
            try channel.forEach(concurrency: 4) { number in
                try Fiber.yield()
                numbers.append(number)
                fibers.insert(ObjectIdentifier(Fiber.current))
            }
            #expect(numbers.sorted() == Array(0..<30) && fibers.count == 4)
        }
    }

    @Test func `NW5: after a failure the others finish their element, and the rest stays in the channel`() throws {
        try inFiber {
            var done: [Int] = []
            let channel = Channel<Int>(capacity: 9)
            for number in 0..<9 { try channel.put(number) }
            let error = #expect(throws: FiberFailedError.self) {
                try channel.forEach(concurrency: 3) { number in
                    if number == 1 { throw Failure("expected") }
                    try drain()
                    done.append(number)
                }
            }
            #expect(error?.error is Failure && done == [0])
            #expect(channel.takeIfAvailable() == 2 && channel.count == 6)
        }
    }

    @Test func `NW5: after a failure those that wait for an element go, and one that has it finishes it`() throws {
        try inFiber {
            var done: [Int] = []
            let channel = Channel<Int>()
            let loop = Fiber.spawn {
                try channel.forEach(concurrency: 4) { number in
                    try Fiber.yield()
                    if number == 0 { throw Failure("expected") }
                    done.append(number)
                }
            }
            try drain()
            for number in 0..<3 { try channel.put(number) }
            try loop.waitUntilDone()
            #expect((loop.failure as? FiberFailedError)?.error is Failure)
            #expect(done == [1, 2] && !channel.putIfAvailable(3))
        }
    }

    @Test func `NW5: a body may take more from the channel itself, and is not disturbed by a failure`() throws {
        try inFiber {
            var pairs: [[Int]] = []
            let channel = Channel<Int>()
            let loop = Fiber.spawn {
                try channel.forEach(concurrency: 2) { number in
                    if number == 2 { throw Failure("expected") }
                    pairs.append([number, try channel.take()])
                }
            }
            try drain()
            for number in [1, 2, 3] {
                try channel.put(number)
                try drain()
            }
            try loop.waitUntilDone()
            #expect(pairs == [[1, 3]])
        }
    }

    @Test func `CH15 NW5: the error the channel was closed with is thrown`() throws {
        try inFiber {
            var count = 0
            let channel = Channel<Int>.producing { channel in
                for number in 0..<5 { try channel.put(number) }
                throw Failure("expected")
            }
            let error = #expect(throws: FiberFailedError.self) {
                try channel.forEach(concurrency: 2) { _ in count += 1 }
            }
            #expect(error?.error is Failure && error?.fiber === channel.producer && count == 5)
        }
    }

    @Test func `NW5: cancelling the calling fiber cancels the bodies`() throws {
        try inFiber {
            var ended = 0
            let channel = Channel<Int>.producing { for number in 0..<9 { try $0.put(number) } }
            let fiber = Fiber.spawn {
                try channel.forEach(concurrency: 3) { _ in
                    defer { ended += 1 }
                    try Fiber.park()
                }
            }
            try drain()
            fiber.cancel()
            try fiber.waitUntilDone()
            #expect(ended == 3 && fiber.failure is CancellationError)
            try #expect(channel.take() == 3)
        }
    }

    @Test func `NW5: a number that is not positive is refused`() throws {
        try inFiber {
            let channel = Channel<Int>()
            #expect(throws: ArgumentError.self) { try channel.forEach(concurrency: 0) { _ in } }
        }
    }

    @Test func `CH22: removeAll drops the buffer, and parked puts fill it again`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 2)
            let putters = (0..<5).map { number in Fiber.spawn { try channel.put(number) } }
            try drain()
            channel.removeAll()
            try drain()
            #expect(putters.map(\.isDone) == [true, true, true, true, false])
            channel.close()
            #expect(channel.takeIfAvailable() == 2 && channel.takeIfAvailable() == 3 && channel.isEmpty)
            try putters[4].waitUntilDone()
        }
    }

    @Test func `CH22: removeAll leaves the puts of an unbuffered channel alone, and empties a closed one`() throws {
        try inFiber {
            let unbuffered = Channel<Int>()
            Fiber.spawn { try unbuffered.put(1) }
            try drain()
            unbuffered.removeAll()
            #expect(unbuffered.takeIfAvailable() == 1)
            let census = Census()
            let closed = Channel<Census.Member>(capacity: 3)
            for _ in 0..<3 { try closed.put(census.newMember()) }
            closed.close()
            closed.removeAll()
            #expect(census.living == 0 && closed.isEmpty)
        }
    }

    @Test func `CH25: of several fibers bound to several channels, the first to end closes all`() throws {
        try inFiber {
            let channels = (0..<3).map { _ in Channel<Int>(capacity: 1) }
            let fibers = [5, 2, 9].map { rounds in Fiber.spawn { try drain(rounds: rounds) } }
            for channel in channels { for fiber in fibers { channel.bind(to: fiber) } }
            try waitAny(fibers)
            #expect(fibers.map(\.isDone) == [false, true, false])
            #expect(channels.allSatisfy { !$0.isOpen })
            try waitAll(fibers)
        }
    }
}
