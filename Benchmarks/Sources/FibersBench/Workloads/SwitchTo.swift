// SPDX-License-Identifier: MIT
import CFloor
import Fibers

private let switchesPerRound = 2_000_000

/// Two fibers that hand the processor to each other by name, against two bare contexts.
func measureSwitchTo(rounds: Int) throws -> Measurement {
    let pair = SwitchingPair()
    let ring = BareRing(contexts: 2)
    let result = try compare(rounds: rounds) {
        try pair.time(switches: switchesPerRound)
    } floor: {
        ring?.lapTime(laps: switchesPerRound / 2).map { $0 / 2 }
    }
    return Measurement(
        workload: "switch-to", fibers: 2, nanoseconds: result.subject, floorNanoseconds: result.floor,
        budgets: [.ratio(3)])
}

/// Two fibers in the same code, because a processor predicts where a call returns to, and different code fools it.
final class SwitchingPair {
    private var fibers: [Fiber<Void>] = []

    /// Nanoseconds per switch.
    func time(switches: Int) throws -> Double {
        let first = Fiber { try self.play(switches / 2, with: self.fibers[1]) }
        let second = Fiber { try self.play(switches / 2, with: self.fibers[0]) }
        fibers = [first, second]
        let start = floor_thread_time()
        try Fiber.yield(to: first)
        try second.wait()
        return Double(floor_thread_time() - start) / Double(switches)
    }

    /// The one that ends first leaves the other parked: so it schedules it.
    private func play(_ switches: Int, with other: AnyFiber) throws {
        for _ in 0..<switches { try Fiber.switch(to: other) }
        if !other.isDone { other.schedule() }
    }
}
