// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct DeadlockTests {
    @Test func `R17 W2: a wait that nobody can ever end throws`() throws {
        try inFiber {
            #expect(throws: DeadlockError.self) { try Fiber.park() }
            #expect(throws: DeadlockError.self) { try Condition<Void>().wait() }
            #expect(throws: DeadlockError.self) { try Fiber {}.wait() }
        }
    }

    @Test func `R17: the report lists who waits, for what, and where they were spawned`() throws {
        try inFiber {
            let condition = Condition<Int>(name: "news")
            let reader = Fiber.spawn(name: "reader", file: "Module/File.swift", line: 12) { try condition.wait() }
            Fiber.spawn(file: "Module/File.swift", line: 13) { try reader.wait() }
            let error = #expect(throws: DeadlockError.self) { try Fiber.park() }
            let lines = error?.description.split(separator: "\n").map(String.init) ?? []
            #expect(lines.first == "deadlock: nothing can ever run again. 3 parked:")
            #expect(lines[1] == "  fiber \"root\" waits to be scheduled (Fiber.park)")
            #expect(lines[2].hasSuffix("\"reader\" waits for Condition<Int> \"news\", spawned at Module/File.swift:12"))
            #expect(lines[3].hasPrefix("  fiber #"))
            #expect(lines[3].contains("waits for Fiber \"reader\" (waiting, started)"))
            #expect(lines[3].hasSuffix(", spawned at Module/File.swift:13"))
        }
    }

    @Test func `R17: the parts of the report can be read one by one`() throws {
        try inFiber {
            Fiber.spawn(name: "parked", file: "Module/File.swift", line: 12) { try Fiber.park() }
            let error = #expect(throws: DeadlockError.self) { try Fiber.park() }
            #expect(error?.fibers.map(\.name) == ["\"root\"", "\"parked\""])
            #expect(error?.fibers.map(\.waitsFor) == Array(repeating: "to be scheduled (Fiber.park)", count: 2))
            #expect(error?.fibers.map(\.spawnedAt) == [nil, "Module/File.swift:12"])
        }
    }

    @Test func `R17: the root can catch it, free the others and go on`() throws {
        try inFiber {
            let fiber = Fiber.spawn { try Fiber.park() as? Int }
            for _ in 0..<3 {
                #expect(throws: DeadlockError.self) { try fiber.fetch() }
            }
            try #expect(fiber.schedule(passing: 9).fetch() == 9)
        }
    }

    @Test func `R17: two fibers that wait for each other are a deadlock of the root`() throws {
        try inFiber {
            var second: Fiber<Void>?
            let first = Fiber<Void>.spawn(name: "first") { try second?.wait() }
            second = Fiber.spawn(name: "second") { try first.wait() }
            let error = #expect(throws: DeadlockError.self) { try first.wait() }
            #expect(error?.fibers.map(\.name) == ["\"root\"", "\"first\"", "\"second\""])
        }
    }

    @Test func `R17: while somebody sleeps there is no deadlock`() throws {
        try inFiber {
            let root = Fiber.current
            Fiber.spawn {
                try Fiber.sleep(for: .milliseconds(2))
                root.schedule(passing: "woken")
            }
            try #expect(Fiber.park() as? String == "woken")
        }
    }

    @Test func `R17: fibers that the root does not wait for may stay parked`() throws {
        try inFiber {
            Fiber.spawn { try Fiber.park() }
            try #expect(Fiber.spawn { 1 }.fetch() == 1)
            try Fiber.sleep(for: .zero)
        }
    }

    @Test func `R17: a deadlock is thrown through a shield of the root`() throws {
        try inFiber {
            func parkShielded() throws { _ = try Fiber.shield { try Fiber.park() } }
            #expect(throws: DeadlockError.self, performing: parkShielded)
        }
    }

    @Test func `R17: after a cancelled sleep nothing is left that could wake anybody`() throws {
        try inFiber {
            let sleeper = Fiber.spawn { try? Fiber.sleep(for: .seconds(3600)) }
            try Fiber.yield()
            sleeper.cancel()
            try sleeper.wait()
            #expect(throws: DeadlockError.self) { try Fiber.park() }
        }
    }
}
