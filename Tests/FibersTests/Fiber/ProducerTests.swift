// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ProducerTests {
    /// The producer of the manual.
    private func makeManual() -> Producer<String> {
        Producer { producer in
            try producer.produce("start")
            for number in 1...4 { try producer.produce("\(2 * number)") }
            try producer.produce("stop")
        }
    }

    private let manual = ["start", "2", "4", "6", "8", "stop"]

    @Test func `P1: the values come out one by one, in order`() throws {
        try inFiber {
            let producer = makeManual()
            let values = try (0..<6).map { _ in try producer.consume() }
            #expect(values == manual)
        }
    }

    @Test func `P1 P6: producer and consumer take turns`() throws {
        try inFiber {
            var log: [String] = []
            let producer = Producer<Int> { producer in
                for number in 1...2 {
                    log.append("make \(number)")
                    try producer.produce(number)
                }
                log.append("end")
            }
            log.append("begin")
            while let number = try producer.consume() {
                log.append("got \(number)")
                try drain()
            }
            #expect(log == ["begin", "make 1", "got 1", "make 2", "got 2", "end"])
        }
    }

    @Test func `P1: without a consumer, produce waits for one`() throws {
        try inFiber {
            var isPast = false
            let producer = Producer<Int> { producer in
                try producer.produce(1)
                isPast = true
            }
            producer.fiber.schedule()
            try drain()
            try #expect(producer.consume() == 1)
            try drain()
            #expect(!isPast)
            try #expect(producer.consume() == nil)
            #expect(isPast)
        }
    }

    @Test func `P2: once the body has ended, its value is returned, for ever`() throws {
        try inFiber {
            let producer = Producer<Int>.returning { producer in
                try producer.produce(1)
                return 7
            }
            let values = try (0..<4).map { _ in try producer.consume() }
            #expect(values == [1, 7, 7, 7])
            #expect(producer.fiber.state == .done)
        }
    }

    @Test func `P2: without a value of the body, nil is returned, for ever`() throws {
        try inFiber {
            let producer = Producer<Int?> { try $0.produce(nil) }
            try #expect(producer.consume() == .some(nil))
            for _ in 0..<3 { try #expect(producer.consume() == Int??.none) }
        }
    }

    @Test func `P2: a body that failed throws its own error, every time`() throws {
        try inFiber {
            let expected = Failure("expected")
            let producer = Producer<Int> { producer in
                try producer.produce(1)
                throw expected
            }
            try #expect(producer.consume() == 1)
            for _ in 0..<3 { #expect(failure(of: { try producer.consume() }) === expected) }
        }
    }

    @Test func `P2: a body that fails wakes every consumer with its error`() throws {
        try inFiber {
            let producer = Producer<Int> { _ in
                try drain()
                throw Failure("expected")
            }
            let consumers = (0..<3).map { _ in Fiber.spawn { try producer.consume() } }
            try waitAll(consumers, failFast: false, throwing: false)
            #expect(consumers.allSatisfy { $0.failure is Failure })
        }
    }

    @Test func `P4: several consumers are served first come, first served, and no value twice`() throws {
        try inFiber {
            var log: [String] = []
            let producer = Producer<Int> { for number in 1...6 { try $0.produce(number) } }
            let consumers = ["A", "B"].map { name in
                Fiber.spawn {
                    for _ in 0..<3 { log.append("\(name)\(try producer.consume() ?? 0)") }
                }
            }
            try waitAll(consumers)
            #expect(log == ["A1", "B2", "A3", "B4", "A5", "B6"])
        }
    }

    @Test func `P4 P6: with a consumer waiting, the one that was served runs before the body goes on`() throws {
        try inFiber {
            var log: [String] = []
            let producer = Producer<Int> { producer in
                for number in 1...2 {
                    try producer.produce(number)
                    log.append("past \(number)")
                }
            }
            let consumers = (0..<2).map { _ in Fiber.spawn { log.append("got \(try producer.consume() ?? 0)") } }
            try waitAll(consumers)
            #expect(log == ["got 1", "past 1", "got 2"])
        }
    }

    @Test func `P5: a loop gets the values, but not the body's own`() throws {
        try inFiber {
            #expect(Array(makeManual()) == manual)
            let producer = Producer<Int>.returning { producer in
                try producer.produce(1)
                return 7
            }
            #expect(Array(producer) == [1])
            try #expect(producer.consume() == 7)
        }
    }

    @Test func `P5: an error of the body surfaces in a throwing loop`() throws {
        try inFiber {
            let expected = Failure("expected")
            let producer = Producer<Int> { producer in
                for number in 1...2 { try producer.produce(number) }
                throw expected
            }
            var values: [Int] = []
            #expect(failure(of: { try producer.forEach { values.append($0) } }) === expected)
            #expect(values == [1, 2] && producer.next() == nil)
            #expect(failure(of: { try producer.collect() }) === expected)
        }
    }

    @Test func `P5: collect returns the values`() throws {
        try inFiber { try #expect(makeManual().collect() == manual) }
    }

    @Test func `P7: a generator written with switch gives the same sequence`() throws {
        try inFiber {
            var consumer = Fiber.current
            let generator = Fiber {
                for value in manual {
                    consumer = try Fiber.switch(to: consumer, passing: value) as? AnyFiber ?? consumer
                }
                try Fiber.switch(to: consumer)
            }
            var values: [String] = []
            while let value = try Fiber.switch(to: generator, passing: consumer) as? String { values.append(value) }
            try #expect(values == makeManual().collect())
        }
    }

    private func failure<Result>(of body: () throws -> Result) -> Failure? {
        do {
            _ = try body()
            return nil
        } catch {
            return error as? Failure
        }
    }
}
