// SPDX-License-Identifier: MIT
import CFloor
import Fibers

private let tripsPerRound = 500_000

/// A round trip between two fibers: each wakes the other and parks. The floor is a round trip of bare contexts.
func measureCondition(rounds: Int, against rivals: [Rival]) throws -> [Measurement] {
    let pair = try ConditionPair()
    let ring = BareRing(contexts: 2)
    let result = try compare(rounds: rounds, against: rivals.programs(for: "condition")) {
        let start = floor_thread_time()
        for _ in 0..<tripsPerRound { try pair.roundTrip() }
        return Double(floor_thread_time() - start) / Double(tripsPerRound)
    } floor: {
        ring?.lapTime(laps: tripsPerRound)
    }
    try pair.stop()
    return Measurement(
        workload: "condition", fibers: 2, nanoseconds: result.subject, floorNanoseconds: result.floor
    ).against(result.rivals)
}

/// The calling fiber and a partner, each of which waits for a condition that the other notifies.
final class ConditionPair {
    private let ping = Condition<Void>()
    private let pong = Condition<Void>()
    private var isDone = false
    private var partner: Fiber<Void>?

    init() throws {
        partner = Fiber.spawn {
            while !self.isDone {
                try self.ping.wait()
                self.pong.notify()
            }
        }
        try Fiber.yield()
    }

    /// Two parks, two wakes.
    func roundTrip() throws {
        ping.notify()
        try pong.wait()
    }

    func stop() throws {
        isDone = true
        try roundTrip()
        try partner?.wait()
    }
}
