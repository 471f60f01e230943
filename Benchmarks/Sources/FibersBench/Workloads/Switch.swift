// SPDX-License-Identifier: MIT
import CFloor
import Fibers

private let switchesPerRound = 2_000_000

/// A ring of fibers that do nothing but yield, against a ring of bare contexts in C.
func measureSwitch(fibers: Int, rounds: Int, against rivals: [Rival]) throws -> [Measurement] {
    let laps = max(1, switchesPerRound / fibers)
    let ring = BareRing(contexts: fibers)
    let result = try compare(rounds: rounds, against: rivals.programs(for: "switch", "\(fibers)")) {
        try lapTime(fibers: fibers, laps: laps) / Double(fibers)
    } floor: {
        ring?.lapTime(laps: laps).map { $0 / Double(fibers) }
    }
    return Measurement(
        workload: "switch", fibers: fibers, nanoseconds: result.subject, floorNanoseconds: result.floor,
        budgets: switchBudget(fibers: fibers)
    ).against(result.rivals)
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
private func lapTime(fibers count: Int, laps: Int) throws -> Double {
    let fibers = (0..<count).map { index in
        Fiber.spawn { try yieldLaps(laps, isTimed: index == 0) }
    }
    for fiber in fibers[1...] { try fiber.wait() }
    return try fibers[0].fetch() / Double(laps)
}

/// The same code for all: a processor predicts where a call returns to, and two fibers in different code fool it.
private func yieldLaps(_ laps: Int, isTimed: Bool) throws -> Double {
    try Fiber.yield()
    let start = isTimed ? floor_thread_time() : 0
    for _ in 0..<laps { try Fiber.yield() }
    let end = isTimed ? floor_thread_time() : 0
    try Fiber.yield()
    return Double(end - start)
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
