// SPDX-License-Identifier: MIT
@testable import Fibers
import Testing

@Suite struct ChannelTests {
    @Test(arguments: [0, 1, 3, 100] as [ChannelCapacity] + [.unbounded])
    func `CH1 CH2: elements come out in the order they went in`(capacity: ChannelCapacity) throws {
        try inFiber {
            let channel = Channel<Int>(capacity: capacity)
            Fiber.spawn { for number in 0..<100 { try channel.put(number) } }
            for number in 0..<100 { try #expect(channel.take() == number) }
            #expect(channel.isEmpty)
        }
    }

    @Test func `CH1 CH2: a capacity is a literal, a number, or unbounded`() {
        #expect(Channel<Int>().description == "Channel<Int>(0) (empty)")
        #expect(Channel<Int>(capacity: 3).description == "Channel<Int>(3) (empty)")
        #expect(Channel<Int>(capacity: Int("4") ?? 0).description == "Channel<Int>(4) (empty)")
        #expect(Channel<Int>(capacity: .unbounded).description == "Channel<Int>(unbounded) (empty)")
    }

    @Test func `CH2 CH10: without a limit a channel is never full, and a put never waits`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: .unbounded)
            var didSwitch = false
            Fiber.spawn { didSwitch = true }
            for number in 0..<1_000 { try channel.put(number) }
            #expect(!didSwitch && !channel.isFull && channel.count == 1_000)
        }
    }

    @Test func `CH1: a negative capacity traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Channel<Int>(capacity: -1)
        }
        #expect(trapSaid("Channel size must be either 0, a positive integer or .unbounded", result))
    }

    @Test func `CH5: a put with room does not switch, and one without room waits for it`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 2)
            var log: [String] = []
            Fiber.spawn { log.append("other") }
            try channel.put(1)
            try channel.put(2)
            #expect(log.isEmpty)
            let fiber = Fiber.spawn { try channel.put(3) }
            try drain()
            #expect(fiber.state == .waiting)
            try #expect(channel.take() == 1)
            try fiber.wait()
            try #expect(channel.take() == 2 && channel.take() == 3)
        }
    }

    @Test func `CH5: a put without a buffer waits until its element is taken`() throws {
        try inFiber {
            let channel = Channel<String>()
            let fiber = Fiber.spawn { try channel.put("element") }
            try drain()
            #expect(fiber.state == .waiting)
            try #expect(channel.take() == "element")
            #expect(!fiber.isDone)
            try fiber.wait()
        }
    }

    @Test func `CH5: a put goes straight to the taker, who has it even if others take before it runs`() throws {
        try inFiber {
            let channel = Channel<Int>(capacity: 1)
            let taker = Fiber.spawn { try channel.take() }
            try Fiber.yield()
            try channel.put(1)
            #expect(channel.isEmpty && channel.takeIfAvailable() == nil)
            try #expect(taker.fetch() == 1)
        }
    }

    @Test func `CH24: twelve jobs go through four workers, each once`() throws {
        try inFiber {
            let jobs = Channel<Int>(capacity: 32)
            let results = Channel<(job: Int, worker: Int)>(capacity: 32)
            for worker in 0..<4 {
                Fiber.spawn {
                    for job in jobs {
                        try Fiber.yield()
                        try results.put((job, worker))
                    }
                }
            }
            Fiber.spawn { for job in 1...12 { try jobs.put(job) } }
            let done = try (1...12).map { _ in try results.take() }
            #expect(done.map(\.job).sorted() == Array(1...12))
            #expect(Set(done.map(\.worker)).count == 4)
            jobs.close()
            try drain()
        }
    }

    @Test func `CH19: elements may be empty, optional, large, and hold references`() throws {
        struct Large { var numbers = (1, 2, 3, 4, 5), member: Census.Member }
        try inFiber {
            for capacity in [0, 1] {
                let census = Census()
                let empty = Channel<Void>(capacity: capacity)
                let optional = Channel<Int?>(capacity: capacity)
                let large = Channel<Large>(capacity: capacity)
                let words = Channel<SIMD8<Int64>>(capacity: capacity)
                Fiber.spawn { for _ in 0..<3 { try empty.put(()) } }
                Fiber.spawn { for number in [nil, 2, nil] { try optional.put(number) } }
                Fiber.spawn { for _ in 0..<3 { try large.put(Large(member: census.newMember())) } }
                Fiber.spawn { for _ in 0..<3 { try words.put(SIMD8(repeating: 7)) } }
                for number in [nil, 2, nil] {
                    try empty.take()
                    try #expect(optional.take() == number)
                    try #expect(large.take().numbers.4 == 5)
                    try #expect(words.take() == SIMD8(repeating: 7))
                }
                #expect(census.living == 0)
            }
        }
    }

    @Test func `a channel that goes away releases what it held`() throws {
        try inFiber {
            let census = Census()
            func use() throws {
                let channel = Channel<Census.Member>(capacity: 20)
                for _ in 0..<20 { try channel.put(census.newMember()) }
                for _ in 0..<5 { _ = try channel.take() }
                for _ in 0..<3 { try channel.put(census.newMember()) }
                #expect(census.living == 18)
            }
            try use()
            #expect(census.living == 0)
        }
    }
}
