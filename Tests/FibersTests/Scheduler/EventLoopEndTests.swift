// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct EventLoopEndTests {
    @Test func `R14: a fiber parked in any way unwinds, with what lies on its stack`() throws {
        let census = Census()
        var ends = 0
        try inFiber {
            for kind in Park.allCases {
                Fiber.spawn {
                    let member = census.newMember()
                    defer { withExtendedLifetime(member) { ends += 1 } }
                    try kind.park()
                }
            }
            try Fiber.yield()
            #expect(census.living == Park.allCases.count)
        }
        #expect(census.living == 0)
        #expect(ends == Park.allCases.count)
    }

    @Test func `R14: no fiber object is left when nobody holds it`() throws {
        weak var parked: Fiber<Void>?
        weak var queued: Fiber<Void>?
        try inFiber {
            func spawn() throws {
                parked = Fiber.spawn { try Fiber.park() }
                try Fiber.yield()
                queued = Fiber.spawn {}
            }
            try spawn()
            #expect(parked != nil && queued != nil)
        }
        #expect(parked == nil && queued == nil)
    }

    @Test func `R14: a fiber object that is kept holds nothing of its body any more`() throws {
        let census = Census()
        let fibers = try inFiber {
            let (parkedMember, queuedMember) = (census.newMember(), census.newMember())
            let parked = Fiber.spawn { try withExtendedLifetime(parkedMember) { _ = try Fiber.park() } }
            try Fiber.yield()
            return [parked, Fiber.spawn { withExtendedLifetime(queuedMember) {} }]
        }
        #expect(census.living == 0)
        #expect(fibers.allSatisfy { $0.failure is CancellationError })
    }

    @Test func `R14: clean-up may wait for another fiber of the same loop`() throws {
        var log: [String] = []
        try inFiber {
            let helper = Fiber.spawn {
                defer { log.append("helper") }
                try Fiber.park()
            }
            Fiber.spawn {
                defer {
                    try? Fiber.shield { try helper.wait() }
                    log.append("waiter")
                }
                try Fiber.park()
            }
            try Fiber.yield()
        }
        #expect(log == ["helper", "waiter"])
    }

    @Test func `R14: fetching from a fiber spawned while the loop ends tells that it was cancelled`() throws {
        var cause: (any Error)?
        try inFiber {
            Fiber.spawn {
                defer {
                    let late = Fiber.spawn { 1 }
                    do { _ = try Fiber.shield { try late.fetch() } } catch { cause = error }
                }
                try Fiber.park()
            }
            try Fiber.yield()
        }
        #expect((cause as? FiberFailedError)?.error is CancellationError)
    }

    @Test func `R14: two shielded fibers that wait for each other do not keep the loop`() throws {
        var ends = 0
        try inFiber {
            var second: Fiber<Void>?
            let first = Fiber<Void>.spawn {
                defer { ends += 1 }
                try Fiber.shield { try second?.wait() }
            }
            second = Fiber.spawn {
                defer { ends += 1 }
                try Fiber.shield { try first.wait() }
            }
            try Fiber.yield()
            second = nil
        }
        #expect(ends == 2)
    }

    @Test func `R14: fibers wake each other while the loop ends`() throws {
        var log: [String] = []
        try inFiber {
            let condition = Condition<String>()
            Fiber.spawn {
                let message = try? Fiber.shield { try condition.wait() }
                log.append(message ?? "none")
            }
            Fiber.spawn {
                defer { condition.notify("farewell") }
                try Fiber.park()
            }
            try Fiber.yield()
        }
        #expect(log == ["farewell"])
    }

    @Test func `R14: what is still queued with a value gets it, and is cancelled at its next park`() throws {
        var log: [String] = []
        try inFiber {
            let fiber = Fiber.spawn {
                log.append(try Fiber.park() as? String ?? "none")
                try Fiber.yield()
                log.append("never")
            }
            try Fiber.yield()
            fiber.schedule(passing: "value")
        }
        #expect(log == ["value"])
    }
}
