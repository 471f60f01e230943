// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct SleepTests {
    @Test(arguments: [0, 1, 999, 1_000, 2_345])
    func `S11: a sleep is never shorter than asked`(microseconds: Int) throws {
        try inFiber {
            let duration = Duration.microseconds(microseconds)
            let start = ContinuousClock.now
            try Fiber.sleep(for: duration)
            #expect(start.duration(to: .now) >= duration)
        }
    }

    @Test func `S11: sleeping for zero lets everybody else run first`() throws {
        try inFiber {
            var log: [String] = []
            Fiber.spawn { log.append("A") }
            Fiber.spawn { log.append("B") }
            try Fiber.sleep(for: .zero)
            #expect(log == ["A", "B"])
        }
    }

    @Test func `S11: a negative sleep is an error that names the duration`() throws {
        try inFiber {
            let error = #expect(throws: ArgumentError.self) { try Fiber.sleep(for: .seconds(-1)) }
            #expect(error?.message.hasPrefix("cannot sleep for -1.0 seconds") == true)
        }
    }

    @Test func `S11 R16: fibers wake by deadline, ties by creation`() throws {
        try inFiber {
            var log: [String] = []
            let start = LoopClock.now.advanced(by: .milliseconds(4))
            let fibers = [("30", 3), ("first 10", 1), ("20", 2), ("second 10", 1)].map { name, delay in
                Fiber.spawn {
                    try Fiber.sleep(until: start.advanced(by: .milliseconds(delay)))
                    log.append(name)
                }
            }
            for fiber in fibers { try fiber.wait() }
            #expect(log == ["first 10", "second 10", "20", "30"])
        }
    }

    @Test func `S11: other fibers run while one sleeps`() throws {
        try inFiber {
            var sum = 0
            let sleeper = Fiber.spawn { try Fiber.sleep(for: .milliseconds(1)) }
            for number in 1...10 { Fiber.spawn { sum += number } }
            try Fiber.yield()
            #expect(sum == 55 && !sleeper.isDone)
            try sleeper.wait()
        }
    }

    @Test func `sleeping until an instant that has passed is one round of the others`() throws {
        try inFiber {
            var didRun = false
            Fiber.spawn { didRun = true }
            try Fiber.sleep(until: LoopClock.now.advanced(by: .seconds(-5)))
            #expect(didRun)
        }
    }

    @Test func `a sleep for ever can be cancelled, and disturbs no other`() throws {
        try inFiber {
            let sleeper = Fiber.spawn { try Fiber.sleep(for: .seconds(Int64.max)) }
            try Fiber.sleep(for: .milliseconds(1))
            #expect(sleeper.state == .waiting)
            sleeper.cancel()
            #expect(throws: FiberFailedError.self) { try sleeper.wait() }
        }
    }

    @Test func `a sleep that was interrupted never ends the fiber's next wait`() throws {
        try inFiber {
            let sleeper = Fiber.spawn {
                #expect(throws: Failure.self) { try Fiber.sleep(for: .microseconds(500)) }
                return try Fiber.park() as? String
            }
            try Fiber.yield()
            sleeper.schedule(throwing: Failure("expected"))
            try Fiber.sleep(for: .milliseconds(1))
            #expect(sleeper.state == .runnable)
            try #expect(sleeper.schedule(passing: "woken").fetch() == "woken")
        }
    }

    @Test func `a sleep that ended before it was cancelled ends well, and the next park throws`() throws {
        try inFiber {
            var didSleep = false
            let sleeper = Fiber.spawn {
                try Fiber.sleep(for: .microseconds(1))
                didSleep = true
                try Fiber.yield()
            }
            try Fiber.yield()
            while sleeper.state == .waiting { try Fiber.sleep(for: .zero) }
            sleeper.cancel()
            #expect(throws: FiberFailedError.self) { try sleeper.wait() }
            #expect(didSleep)
        }
    }

    @Test func `of thousands of sleepers none wakes early, and nothing is left behind`() throws {
        try inFiber {
            let start = LoopClock.now
            let fibers = (0..<2_000).reversed().map { number in
                Fiber.spawn(stackSize: 32 << 10) {
                    let deadline = start.advanced(by: .microseconds(number))
                    try Fiber.sleep(until: deadline)
                    return LoopClock.now >= deadline
                }
            }
            try #expect(fibers.allSatisfy { try $0.fetch() })
            #expect(throws: DeadlockError.self) { try Fiber.park() }
        }
    }
}
