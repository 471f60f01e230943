// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import Testing

@Suite struct ProducerObjectTests {
    @Test func `P2: the body starts with the first consume`() throws {
        try inFiber {
            let producer = Producer<Int>(name: "numbers") { try $0.produce(1) }
            try drain()
            #expect(!producer.fiber.isStarted && producer.fiber.state == .runnable)
            _ = try producer.consume()
            #expect(producer.fiber.isStarted && producer.fiber.name == "numbers")
        }
    }

    @Test func `ST1 ST2: a body in produce is runnable, a fiber in consume waits`() throws {
        try inFiber {
            let producer = Producer<Int> { producer in
                try producer.produce(1)
                try Fiber.sleep(for: .seconds(3600))
            }
            _ = try producer.consume()
            try drain()
            #expect(producer.fiber.state == .runnable)
            let consumer = Fiber.spawn { try producer.consume() }
            try drain()
            #expect(consumer.state == .waiting && producer.fiber.state == .waiting)
        }
    }

    @Test func `P1: producing in another fiber than the body's is refused`() throws {
        try inFiber {
            let producer = Producer<Int> { _ in }
            #expect(throws: ConcurrencyViolationError.self) { try producer.produce(1) }
        }
    }

    @Test func `P2: consuming in the body is refused`() throws {
        try inFiber {
            let producer = Producer<Int> { _ = try $0.consume() }
            #expect(throws: ConcurrencyViolationError.self) { try producer.consume() }
        }
    }

    @Test func `a producer that was never started goes away, with what its body holds`() throws {
        try inFiber {
            let census = Census()
            do {
                let member = census.newMember()
                let producer = Producer<Int> { _ in withExtendedLifetime(member) {} }
                withExtendedLifetime(producer) {}
            }
            #expect(census.living == 0)
        }
    }

    @Test func `a producer that has ended goes away, with what its body held`() throws {
        try inFiber {
            let census = Census()
            do {
                let member = census.newMember()
                let producer = Producer<Int> { producer in
                    try producer.produce(1)
                    withExtendedLifetime(member) {}
                }
                #expect(Array(producer) == [1])
            }
            try drain()
            #expect(census.living == 0)
        }
    }

    @Test func `a body whose producer is gone does not run`() throws {
        try inFiber {
            var hasRun = false
            let fiber = Producer<Int> { _ in hasRun = true }.fiber
            try fiber.schedule().wait()
            #expect(!hasRun)
        }
    }

    @Test func `a deadlock names the producer in both roles`() throws {
        try inFiber {
            let producer = Producer<Int>(name: "numbers") { _ in try Fiber.park() }
            let other = Producer<Int>(name: "others") { try $0.produce(1) }
            _ = try other.consume()
            let error = #expect(throws: DeadlockError.self) { try producer.consume() }
            let waits = error?.fibers.map(\.waitsFor)
            #expect(waits?.first == "to consume from Producer<Int> \"numbers\"")
            #expect(waits?.contains("for somebody to consume from Producer<Int> \"others\"") == true)
        }
    }

    @Test func `P2 P5: a failure that only a loop met is reported, one that was thrown to a consumer is not`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                for _ in Producer<Int>(name: "looped", { _ in throw Failure("unseen") }) {}
                _ = try? Producer<Int>(name: "consumed") { _ in throw Failure("seen") }.consume()
            }
        }
        #expect(errorOutput(of: result).contains("fiber \"looped\"") && !errorOutput(of: result).contains("consumed"))
    }
}
