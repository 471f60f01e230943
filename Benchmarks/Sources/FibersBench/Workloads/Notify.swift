// SPDX-License-Identifier: MIT
import CFloor
import Fibers

private let waitsPerRound = 1_000_000

/// Fibers that wait for one condition again and again, woken all at once: the cost of one wait. The floor is a ring of as
/// many bare contexts, so one switch.
func measureNotify(waiters: Int, rounds: Int) throws -> Measurement {
    let condition = Condition<Void>()
    let fibers = (0..<waiters).map { _ in
        Fiber.spawn { while true { try condition.wait() } }
    }
    try Fiber.yield()
    let laps = max(1, waitsPerRound / waiters)
    let ring = BareRing(contexts: waiters)
    let result = try compare(rounds: rounds) {
        let start = floor_thread_time()
        for _ in 0..<laps {
            condition.notify()
            try Fiber.yield()
        }
        return Double(floor_thread_time() - start) / Double(laps * waiters)
    } floor: {
        ring?.lapTime(laps: laps).map { $0 / Double(waiters) }
    }
    for fiber in fibers { fiber.cancel() }
    try Fiber.yield()
    return Measurement(
        workload: "notify", fibers: waiters, nanoseconds: result.subject, floorNanoseconds: result.floor,
        budgets: [.ratio(2)])
}
