// SPDX-License-Identifier: MIT
import CFloor
import Fibers

private let tripsPerRound = 500_000
private let elementsPerRound = 2_000_000
private let capacity = 32

/// A round trip over two channels without buffers, and one element through a channel with a buffer. The floors are bare
/// switches.
func measureChannel(rounds: Int, against rivals: [Rival]) throws -> [Measurement] {
    try measureRoundTrip(rounds: rounds, against: rivals) + measureStream(rounds: rounds, against: rivals)
}

private func measureRoundTrip(rounds: Int, against rivals: [Rival]) throws -> [Measurement] {
    let pair = try ChannelPair()
    let ring = BareRing(contexts: 2)
    let result = try compare(rounds: rounds, against: rivals.programs(for: "channel-0")) {
        let start = floor_thread_time()
        for trip in 0..<tripsPerRound { _ = try pair.roundTrip(trip) }
        return Double(floor_thread_time() - start) / Double(tripsPerRound)
    } floor: {
        ring?.lapTime(laps: tripsPerRound)
    }
    try pair.stop()
    return Measurement(
        workload: "channel-0", fibers: 2, nanoseconds: result.subject, floorNanoseconds: result.floor,
        budgets: [.ratio(20)]
    ).against(result.rivals)
}

private func measureStream(rounds: Int, against rivals: [Rival]) throws -> [Measurement] {
    let stream = ChannelStream(capacity: ChannelCapacity(capacity))
    let ring = BareRing(contexts: 2)
    let result = try compare(rounds: rounds, against: rivals.programs(for: "channel-\(capacity)")) {
        let start = floor_thread_time()
        for _ in 0..<elementsPerRound { _ = try stream.take() }
        return Double(floor_thread_time() - start) / Double(elementsPerRound)
    } floor: {
        ring?.lapTime(laps: tripsPerRound).map { $0 / 2 }
    }
    try stream.stop()
    return Measurement(
        workload: "channel-\(capacity)", fibers: 2, nanoseconds: result.subject, floorNanoseconds: result.floor,
        budgets: [.ratio(4)]
    ).against(result.rivals)
}

/// The calling fiber and a partner, which sends back what it gets.
final class ChannelPair {
    private let ping = Channel<Int>()
    private let pong = Channel<Int>()
    private let partner: Fiber<Void>

    /// Lets the partner park first, so that every put finds a taker.
    init() throws {
        partner = Fiber.spawn { [ping, pong] in
            for element in ping { try pong.put(element) }
        }
        try Fiber.yield()
    }

    /// Two puts, two takes.
    func roundTrip(_ element: Int) throws -> Int {
        try ping.put(element)
        return try pong.take()
    }

    func stop() throws {
        ping.close()
        try partner.wait()
    }
}

/// A producer that keeps the channel full; the calling fiber takes.
final class ChannelStream {
    private let channel: Channel<Int>

    init(capacity: ChannelCapacity) {
        channel = Channel.producing(capacity: capacity) { channel in
            var number = 0
            while channel.isOpen {
                try channel.put(number)
                number += 1
            }
        }
    }

    func take() throws -> Int { try channel.take() }

    /// Lets the parked producer end, with the error that closing throws at it.
    func stop() throws {
        channel.close()
        _ = try? channel.producer?.wait()
    }
}
