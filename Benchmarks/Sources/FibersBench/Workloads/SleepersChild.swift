// SPDX-License-Identifier: MIT
import ArgumentParser
import CFloor
import Fibers

/// The process that a sleepers round runs: prints its CPU time and what its sleepers take of memory.
struct SleepersChild: ParsableCommand {
    static let name = "sleepers-child"
    static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

    enum Subject: String, ExpressibleByArgument {
        case fibers
        case timers
    }

    @Argument var subject: Subject
    @Argument var count: Int
    /// Seconds to put everybody to sleep before the first wakes.
    @Argument var headStart: Int

    func run() throws {
        let residentBytes =
            try subject == .fibers ? sleepFibers(count, headStart: headStart) : runTimers(count, headStart: headStart)
        print(floor_process_time(), residentBytes)
    }

    struct Result {
        /// CPU of the whole process, user and system.
        let nanoseconds: Double
        let residentBytes: Double
    }
}

// MARK: Subjects

/// All wake within this.
private let spread: Int = 1

private func runTimers(_ count: Int, headStart: Int) throws -> UInt64 {
    guard floor_timers_run(count, UInt64(headStart) * 1000, UInt64(spread) * 1000) else {
        throw ChildFailure(text: "libuv timers failed")
    }
    return 0
}

/// What the fibers do before and after their sleep. Counting is no part of it, hence without exclusivity checks.
private final class Tally {
    @exclusivity(unchecked) var asleep = 0
    @exclusivity(unchecked) var awake = 0
}

/// Returns by how many bytes the process had grown when all were asleep.
private func sleepFibers(_ count: Int, headStart: Int) throws -> UInt64 {
    let tally = Tally()
    let before = floor_resident_bytes()
    let start = LoopClock.now.advanced(by: .seconds(headStart))
    let fibers = spawnSleepers(count, until: start, tally)
    while tally.asleep < count { try Fiber.yield() }
    let growth = floor_resident_bytes() - before
    guard LoopClock.now < start else { throw ChildFailure(text: "too many to be asleep all at once") }
    for fiber in fibers { try fiber.wait() }
    guard tally.awake == count else { throw ChildFailure(text: "only \(tally.awake) woke") }
    return growth
}

private func spawnSleepers(_ count: Int, until start: LoopClock.Instant, _ tally: Tally) -> [Fiber<Void>] {
    (0..<count).map { index in
        let offset = floor_delay(index, UInt64(spread) * 1_000_000_000)
        let deadline = start.advanced(by: .nanoseconds(Int64(offset)))
        return Fiber.spawn {
            tally.asleep += 1
            try Fiber.sleep(until: deadline)
            tally.awake += 1
        }
    }
}
