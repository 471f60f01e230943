// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct UnwindingTests {
    @Test func `K6: defer blocks run once, in reverse order, also across parks`() throws {
        try inFiber {
            var log: [String] = []
            let fiber = Fiber.spawn {
                defer { log.append("outer") }
                try Fiber.yield()
                defer { log.append("inner") }
                try Fiber.park()
            }
            try drain()
            #expect(log.isEmpty)
            fiber.cancel()
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(log == ["inner", "outer"])
        }
    }

    @Test func `T11: a throwing body runs its defer blocks and fails with its error`() throws {
        try inFiber {
            var didUnwind = false
            let failure = Failure("expected")
            let fiber = Fiber<Int>.spawn {
                defer { didUnwind = true }
                try Fiber.yield()
                throw failure
            }
            let error = #expect(throws: FiberFailedError.self) { try fiber.fetch() }
            #expect(error?.error as? Failure === failure)
            #expect(didUnwind)
        }
    }

    @Test func `an object on a parked stack lives until its scope ends`() throws {
        try inFiber {
            let census = Census()
            let fiber = Fiber.spawn {
                let member = census.newMember()
                defer { withExtendedLifetime(member) {} }
                try Fiber.park()
            }
            try drain()
            #expect(census.living == 1)
            try fiber.schedule().wait()
            #expect(census.living == 0)
        }
    }

    @Test(arguments: [false, true])
    func `what the body captured is released before waiters run`(fails: Bool) throws {
        try inFiber {
            let census = Census()
            func spawn() -> Fiber<Void> {
                let member = census.newMember()
                return Fiber.spawn {
                    _ = member
                    if fails { throw Failure("expected") }
                }
            }
            let fiber = spawn()
            #expect(census.living == 1)
            try? fiber.wait()
            #expect(census.living == 0)
        }
    }

    @Test func `what the body captured is released when the fiber is cancelled before it runs`() throws {
        try inFiber {
            let census = Census()
            func spawn() -> Fiber<Void> {
                let member = census.newMember()
                return Fiber.spawn { _ = member }
            }
            let fiber = spawn()
            fiber.cancel()
            try drain()
            #expect(fiber.isFailed && census.living == 0)
        }
    }

    @Test func `a fiber that nobody holds lives until it has finished, and no longer`() throws {
        try inFiber {
            weak var fiber: Fiber<Void>?
            func spawn() { fiber = Fiber.spawn { try Fiber.park() } }
            spawn()
            try drain()
            #expect(fiber != nil)
            fiber?.schedule()
            try drain()
            #expect(fiber == nil)
        }
    }

    @Test func `a fiber that is never scheduled goes away with its last reference`() throws {
        try inFiber {
            weak var fiber: Fiber<Void>?
            func make() {
                let made = Fiber {}
                fiber = made
                #expect(fiber === made)
            }
            make()
            #expect(fiber == nil)
        }
    }

    @Test func `a deinit at the end of a fiber may spawn another`() throws {
        try inFiber {
            var log: [String] = []
            let census = Census()
            func spawn() -> Fiber<Void> {
                let member = census.newMember { Fiber.spawn { log.append("spawned") } }
                return Fiber.spawn { log.append("body of \(member)".prefix(4).description) }
            }
            try spawn().wait()
            try drain()
            #expect(log == ["body", "spawned"])
        }
    }

    @Test func `a deinit at the end of a fiber sees that fiber as the current one`() throws {
        try inFiber {
            let census = Census()
            weak var current: AnyFiber?
            func spawn() -> Fiber<Void> {
                let member = census.newMember { current = Fiber.current }
                return Fiber.spawn { _ = member }
            }
            let fiber = spawn()
            try fiber.wait()
            #expect(current === fiber)
        }
    }

    @Test(arguments: [false, true])
    func `R19: a deinit of what the body captured may park, and the fiber finishes after it`(fails: Bool) throws {
        try inFiber {
            let census = Census()
            var log: [String] = []
            func spawn() -> Fiber<Void> {
                let member = census.newMember {
                    try? Fiber.sleep(for: .microseconds(10))
                    log.append("released in a fiber that is \(Fiber.current.state)")
                }
                return Fiber.spawn {
                    _ = member
                    if fails { throw Failure("expected") }
                }
            }
            let fiber = spawn()
            try? fiber.wait()
            #expect(log == ["released in a fiber that is runnable"] && fiber.isFailed == fails)
        }
    }

    @Test func `R19: the deinit of a result that nobody holds traps when it parks`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber {
                let census = Census()
                Fiber.spawn { census.newMember { try? Fiber.yield() } }
                try drain()
            }
        }
        #expect(trapSaid("a deinit at the end of a fiber cannot park", result))
    }

    @Test func `R19: the deinit of a result that nobody holds may do what does not park`() throws {
        try inFiber {
            let census = Census()
            var log: [String] = []
            Fiber.spawn(name: "unheld") {
                census.newMember {
                    log.append("\(Fiber.current.state)")
                    Fiber.spawn { log.append("spawned") }
                }
            }
            try drain()
            #expect(log == ["done", "spawned"])
        }
    }
}
