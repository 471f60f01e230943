// SPDX-License-Identifier: MIT
import CFloor
import Dispatch
import Fibers
import Foundation

private let tripsPerRound = 20_000

/// Two loops on threads of their own that wake each other in turn, against two bare epoll loops. Wall-clock time: they
/// sleep most of it.
func measureWake(cores: Int, rounds: Int) throws -> Measurement? {
    guard floor_use_cores(cores) else { return nil }
    defer { floor_use_all_cores() }
    let clock = ContinuousClock()
    func nanosecondsPerTrip(_ body: () throws -> Void) rethrows -> Double {
        nanoseconds(try clock.measure(body)) / Double(tripsPerRound)
    }
    let result = try compare(rounds: rounds) {
        try nanosecondsPerTrip(exchangeWakes)
    } floor: {
        floor_has_wakes ? nanosecondsPerTrip { _ = floor_wakes_run(tripsPerRound) } : nil
    }
    return Measurement(
        workload: cores == 1 ? "wake-one-core" : "wake-two-cores", fibers: 2, nanoseconds: result.subject,
        floorNanoseconds: result.floor, budgets: [.ratio(1.2)])
}

private func exchangeWakes() throws {
    let ping = WakeUp()
    let isDone = DispatchSemaphore(value: 0)
    let pongs = Handover()
    Thread.detachNewThread {
        try? EventLoop.run {
            let pong = WakeUp()
            pongs.give(pong)
            for _ in 0..<tripsPerRound {
                try pong.wait()
                ping.send()
            }
        }
        isDone.signal()
    }
    let pong = pongs.take()
    for _ in 0..<tripsPerRound {
        pong.send()
        try ping.wait()
    }
    isDone.wait()
}

/// Gives one object from a thread to another.
private final class Handover: Sendable {
    private let isGiven = DispatchSemaphore(value: 0)
    nonisolated(unsafe) private var object: WakeUp?

    func give(_ object: WakeUp) {
        self.object = object
        isGiven.signal()
    }

    func take() -> WakeUp {
        isGiven.wait()
        return object.unsafelyUnwrapped
    }
}

private func nanoseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1e9 + Double(duration.components.attoseconds) / 1e9
}
