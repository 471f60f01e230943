// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// Misuse in calls that cannot throw traps, with a sentence.
@Suite struct MisuseTests {
    @Test func `S1 S4 R9: scheduling a queued fiber traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber { _ = Fiber(name: "eager") {}.schedule().schedule() }
        }
        #expect(trapSaid("schedule: Fiber not runnable: Fiber \"eager\" (queued)", result))
    }

    @Test func `S1 S4: scheduling a finished fiber traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber {
                let fiber = Fiber.spawn {}
                try fiber.wait()
                fiber.schedule()
            }
        }
        #expect(trapSaid("schedule: Fiber not runnable", result))
    }

    @Test func `S1 S4 R9: scheduling a fiber that waits for something else traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber {
                let condition = Condition<Void>()
                let fiber = Fiber.spawn { try condition.wait() }
                try Fiber.yield()
                fiber.schedule()
            }
        }
        #expect(trapSaid("schedule: Fiber not runnable", result))
    }

    @Test func `S1 S4: scheduling the running fiber traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber { _ = Fiber.current.schedule() }
        }
        #expect(trapSaid("schedule: Fiber not runnable", result))
    }

    @Test func `S3: an error for a finished fiber traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber {
                let fiber = Fiber.spawn {}
                try fiber.wait()
                fiber.schedule(throwing: Failure("late"))
            }
        }
        #expect(trapSaid("schedule: Fiber not runnable", result))
    }

    @Test(arguments: [0, -1])
    func `a stack size that is not positive traps`(size: Int) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [size] in
            _ = Fiber(stackSize: size) {}
        }
        #expect(trapSaid("a stack size must be positive, not \(size)", result))
    }
}
