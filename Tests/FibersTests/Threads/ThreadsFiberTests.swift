// SPDX-License-Identifier: MIT
import Dispatch
import Fibers
import Testing

/// What any thread may ask of a fiber of a pool.
@Suite struct ThreadsFiberTests {
    @Test func `S2: a value ends the park in which the fiber is`() throws {
        try inFiber {
            let isParked = WakeUp()
            let fiber = try Threads.spawn {
                Fiber.spawn { isParked.send() }
                return try Fiber.park() as? String
            }
            try isParked.wait()
            fiber.schedule(passing: "hello")
            try #expect(fiber.fetch() == "hello")
        }
    }

    @Test func `S2: a value that comes before the park, or before the fiber, is remembered`() throws {
        try inFiber {
            for number in 0..<200 {
                let fiber = try Threads.spawn { try Fiber.park() as? Int }
                fiber.schedule(passing: number)
                try #expect(fiber.fetch() == number)
            }
        }
    }

    @Test func `S1: scheduling without a value ends a park with none`() throws {
        try inFiber {
            let fiber = try Threads.spawn { try Fiber.park() == nil }
            fiber.schedule()
            try #expect(fiber.fetch())
        }
    }

    @Test func `S2: each value ends one park, in order, wherever the fiber is when it comes`() throws {
        try inFiber {
            let fiber = try Threads.spawn {
                var random = SplitMix(seed: 1)
                return try (0..<2000).map { _ in
                    for _ in 0..<Int.random(in: 0..<3, using: &random) { try Fiber.yield() }
                    return try Fiber.park() as? Int
                }
            }
            for number in 0..<2000 {
                fiber.schedule(passing: number)
                if number.isMultiple(of: 50) { try Fiber.yield() }
            }
            try #expect(fiber.fetch() == Array(0..<2000))
        }
    }

    @Test func `S2: values of several threads all come, those of each in its order`() throws {
        try inFiber {
            let fiber = try Threads.spawn { try (0..<1000).map { _ in try Fiber.park() as? Int ?? -1 } }
            DispatchQueue.concurrentPerform(iterations: 4) { sender in
                for number in 0..<250 { fiber.schedule(passing: sender * 250 + number) }
            }
            let values = try fiber.fetch()
            for sender in 0..<4 {
                #expect(values.filter { $0 / 250 == sender } == Array(sender * 250..<sender * 250 + 250))
            }
        }
    }

    @Test func `a value ends no other call that parks`() throws {
        try inFiber {
            let event = WakeUp()
            let fiber = try Threads.spawn {
                let condition = Condition<String>()
                Fiber.spawn {
                    event.send()
                    try Fiber.sleep(for: .milliseconds(2))
                    condition.notify("notified")
                }
                return [try condition.wait(), try Fiber.park() as? String]
            }
            try event.wait()
            fiber.schedule(passing: "passed")
            try #expect(fiber.fetch() == ["notified", "passed"])
        }
    }

    @Test func `S3: an error is thrown out of any park, on the fiber's thread`() throws {
        try inFiber {
            let hasBegun = WakeUp()
            let expected = Failure("enough")
            let fiber = try Threads.spawn {
                let worker = Threads.current
                hasBegun.send()
                let error = #expect(throws: Failure.self) { try Fiber.sleep(for: .seconds(3600)) }
                return error === expected && Threads.current == worker
            }
            try hasBegun.wait()
            fiber.schedule(throwing: expected)
            try #expect(fiber.fetch())
        }
    }

    @Test func `S3: an error that comes before the first park is thrown there at the latest`() throws {
        try inFiber {
            let expected = Failure("enough")
            for _ in 0..<100 {
                let fiber = try Threads.spawn { _ = try Fiber.park() }
                fiber.schedule(throwing: expected)
                let error = #expect(throws: FiberFailedError.self) { try fiber.wait() }
                #expect(error?.error as? Failure === expected)
            }
        }
    }
}
