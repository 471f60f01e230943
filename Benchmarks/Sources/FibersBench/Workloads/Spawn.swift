// SPDX-License-Identifier: MIT
import CFloor
import Fibers

private let spawnsPerRound = 200_000
private let switchesPerRound = 1_000_000

/// Spawning a trivial fiber, running and joining it; one by one, or this many at a time. There is nothing in C to compare
/// it with, so the floor is one bare switch between two contexts.
func measureSpawn(fibers: Int, rounds: Int, against rivals: [Rival]) throws -> [Measurement] {
    let ring = BareRing(contexts: 2)
    let result = try compare(rounds: rounds, against: rivals.programs(for: "spawn", "\(fibers)")) {
        try spawnTime(fibers: fibers, batches: max(1, spawnsPerRound / fibers))
    } floor: {
        ring?.lapTime(laps: switchesPerRound / 2).map { $0 / 2 }
    }
    return Measurement(
        workload: "spawn", fibers: fibers, nanoseconds: result.subject, floorNanoseconds: result.floor,
        budgets: [.ratio(40)]
    ).against(result.rivals)
}

private func spawnTime(fibers: Int, batches: Int) throws -> Double {
    var batch: [Fiber<Int>] = []
    batch.reserveCapacity(fibers)
    let start = floor_thread_time()
    for _ in 0..<batches {
        for _ in 0..<fibers { batch.append(Fiber.spawn { 1 }) }
        for fiber in batch { _ = try fiber.fetch() }
        batch.removeAll(keepingCapacity: true)
    }
    return Double(floor_thread_time() - start) / Double(batches * fibers)
}
