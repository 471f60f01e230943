// SPDX-License-Identifier: MIT
import CFloor
import Fibers

private let switchesPerRound = 2_000_000

/// A ring of fibers that do nothing but yield, against a ring of bare contexts in C.
func measureSwitch(fibers: Int, rounds: Int) throws -> Measurement {
    let laps = max(1, switchesPerRound / fibers)
    let ring = BareRing(contexts: fibers)
    let result = try compare(rounds: rounds) {
        try lapTime(fibers: fibers, laps: laps) / Double(fibers)
    } floor: {
        ring?.lapTime(laps: laps).map { $0 / Double(fibers) }
    }
    return Measurement(
        workload: "switch", fibers: fibers, nanoseconds: result.subject, floorNanoseconds: result.floor,
        budgets: switchBudget(fibers: fibers))
}

private func switchBudget(fibers: Int) -> [Budget] {
    switch fibers {
    case 2: [.ratio(2.2)]
    case 100: [.ratio(1.5)]
    case 1000: [.ratio(2)]
    default: []
    }
}

/// Nanoseconds until all fibers have yielded once, measured by the first of them while all are running.
private func lapTime(fibers: Int, laps: Int) throws -> Double {
    let first = Fiber.spawn {
        try Fiber.yield()
        let start = floor_thread_time()
        for _ in 0..<laps { try Fiber.yield() }
        return Double(floor_thread_time() - start) / Double(laps)
    }
    let others = (1..<fibers).map { _ in
        Fiber.spawn { for _ in 0..<laps + 2 { try Fiber.yield() } }
    }
    let time = try first.fetch()
    for other in others { try other.wait() }
    return time
}

/// The floor of everything that switches.
final class BareRing {
    private let ring: OpaquePointer

    /// Nil where no floor was written for the processor.
    init?(contexts: Int) {
        guard floor_has_ring, let ring = floor_ring_create(contexts) else { return nil }
        self.ring = ring
    }

    deinit { floor_ring_destroy(ring) }

    /// Nanoseconds until every context has switched once.
    func lapTime(laps: Int) -> Double? {
        let start = floor_thread_time()
        floor_ring_run(ring, laps)
        return Double(floor_thread_time() - start) / Double(laps)
    }
}
