// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ChannelClosingTests {
    private func expectThrow(_ failure: Failure, _ call: () throws -> Void) {
        let error = #expect(throws: Failure.self) { try call() }
        #expect(error === failure)
    }

    @Test func `X3: the error of a closed channel says so`() {
        #expect("\(ChannelClosedError())" == "Channel is closed.")
    }

    @Test func `CH6 CH14: what is in the buffer is still delivered, then the error is thrown`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 2)
            try channel.put(1)
            try channel.put(2)
            channel.close()
            #expect(throws: ChannelClosedError.self) { try channel.put(3) }
            try #expect(channel.fetch() == 1 && channel.take() == 1 && channel.take() == 2)
            #expect(throws: ChannelClosedError.self) { try channel.take() }
            #expect(throws: ChannelClosedError.self) { try channel.fetch() }
            #expect(throws: ChannelClosedError.self) { try channel.wait() }
        }
    }

    @Test func `CH14: parked takers, fetchers, waiters get the error in this order, and close never switches`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 1)
            var log: [String] = []
            func spawn(_ name: String, _ call: @escaping () throws -> Void) {
                Fiber.spawn {
                    #expect(throws: ChannelClosedError.self) { try call() }
                    log.append(name)
                }
            }
            spawn("wait") { try channel.wait() }
            spawn("take") { _ = try channel.take() }
            spawn("fetch") { _ = try channel.fetch() }
            try Fiber.yield()
            channel.close()
            #expect(log.isEmpty)
            try Fiber.yield()
            #expect(log == ["take", "fetch", "wait"])
        }
    }

    @Test(arguments: [0, 1])
    func `CH5 CH14: parked putters get the error, and their elements are not delivered`(capacity: Int) throws {
        try inFiber {
            let channel = Channel<Int>(capacity: capacity)
            for element in 0..<capacity { try channel.put(element) }
            let putters = (0..<3).map { _ in
                Fiber.spawn { #expect(throws: ChannelClosedError.self) { try channel.put(99) } }
            }
            try Fiber.yield()
            channel.close()
            try #expect(channel.collect() == Array(0..<capacity))
            for putter in putters { try putter.wait() }
        }
    }

    @Test func `CH15: the error given is thrown, at once by put, by the others when nothing is left`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 1)
            let failure = Failure("expected")
            try channel.put(1)
            channel.close(throwing: failure)
            expectThrow(failure) { try channel.put(2) }
            try channel.wait()
            try #expect(channel.take() == 1)
            expectThrow(failure) { _ = try channel.take() }
            expectThrow(failure) { try channel.wait() }
        }
    }

    @Test func `CH14: closing again replaces the error`() throws {
        try inFiber {
            let channel = Channel<Int>()
            channel.close()
            channel.close(throwing: Failure("expected"))
            #expect(throws: Failure.self) { try channel.take() }
            channel.close()
            #expect(throws: ChannelClosedError.self) { try channel.take() }
        }
    }

    @Test func `CH16: a channel closes when its fiber ends, without an error if that returns`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 1)
            let fiber = Fiber.spawn { try channel.put(1) }
            #expect(channel.bind(to: fiber) === channel)
            try fiber.wait()
            #expect(!channel.isOpen)
            try #expect(channel.take() == 1)
            #expect(throws: ChannelClosedError.self) { try channel.take() }
        }
    }

    @Test func `CH16 A6 X1: the failure of a bound fiber reaches every user of the channel`() throws {
        try inFiber {
            let channel = Channel<Int>()
            let failure = Failure("expected")
            let takers = (0..<2).map { _ in
                Fiber.spawn { #expect(throws: FiberFailedError.self) { try channel.take() }?.error as? Failure }
            }
            try Fiber.yield()
            let fiber = Fiber<Void>.spawn { throw failure }
            channel.bind(to: fiber)
            for taker in takers { try #expect(taker.fetch() === failure) }
            let error = #expect(throws: FiberFailedError.self) { try channel.put(1) }
            #expect(error?.fiber === fiber)
        }
    }

    @Test func `CH16: the first of several fibers to end closes, and the others change nothing`() throws {
        try inFiber {
            let channel = Channel<Int>()
            let first = Fiber.spawn { try Fiber.yield() }
            let second = Fiber.spawn {
                for _ in 0..<3 { try Fiber.yield() }
                throw Failure("expected")
            }
            channel.bind(to: second).bind(to: first)
            try first.wait()
            #expect(!channel.isOpen)
            #expect(throws: FiberFailedError.self) { try second.wait() }
            #expect(throws: ChannelClosedError.self) { try channel.take() }
        }
    }

    @Test func `CH16 CH25: a fiber closes all channels bound to it`() throws {
        try inFiber {
            let channels = (0..<3).map { _ in Channel<Int>(capacity: 1) }
            let fiber = Fiber.spawn { try Fiber.yield() }
            for channel in channels { channel.bind(to: fiber) }
            try fiber.wait()
            #expect(channels.allSatisfy { !$0.isOpen })
        }
    }

    @Test func `CH16: binding to a fiber that has finished closes`() throws {
        try inFiber {
            let fiber = Fiber<Void>.spawn { throw Failure("expected") }
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
            let channel = Channel<Int>().bind(to: fiber)
            #expect(throws: FiberFailedError.self) { try channel.take() }
        }
    }

    @Test(arguments: [false, true])
    func `R13: the failure of a bound fiber is reported unless somebody met it`(isMet: Bool) async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) { [isMet] in
            try inFiber {
                let channel = Channel<Int>.producing { _ in throw Failure("dropped") }
                if isMet { _ = try? channel.take() } else { for _ in channel {} }
            }
        }
        #expect(errorOutput(of: result).contains("dropped") == !isMet)
    }
}
