// SPDX-License-Identifier: MIT
import ArgumentParser
import CFloor
import Fibers

private let tripsPerRound = 200_000
private let elementsPerRound = 1_000_000

/// What thread safety costs a channel: the same work on one thread, in a process in which another thread has used a channel,
/// against one in which none has. And an element that goes from one thread to another.
func measureSharedChannel(rounds: Int) throws -> [Measurement] {
    var alone: [SharedChannelChild.Figures] = []
    var guarded: [SharedChannelChild.Figures] = []
    for _ in 0..<rounds {
        alone.append(try SharedChannelChild.start(.alone))
        guarded.append(try SharedChannelChild.start(.guarded))
    }
    func measurement(_ name: String, _ figure: KeyPath<SharedChannelChild.Figures, Double>) -> Measurement {
        Measurement(
            workload: name, fibers: 2, nanoseconds: guarded.map { $0[keyPath: figure] }.median,
            floorNanoseconds: alone.map { $0[keyPath: figure] }.median)
    }
    return [
        measurement("guarded-0", \.trip), measurement("guarded-32", \.element),
        Measurement(
            workload: "two-threads-32", fibers: 2,
            nanoseconds: try (0..<rounds).map { _ in try SharedChannelChild.start(.twoThreads).element }.median),
    ]
}

/// Prints the nanoseconds of a round trip over channels without buffers, and of an element through one with a buffer.
struct SharedChannelChild: ParsableCommand {
    static let name = "shared-channel-child"
    static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

    typealias Figures = (trip: Double, element: Double)

    enum Use: String, ExpressibleByArgument {
        /// One thread only.
        case alone
        /// One thread, when another has used channels, too.
        case guarded
        case twoThreads
    }

    @Argument var use: Use

    static func start(_ use: Use) throws -> Figures {
        let numbers = try childNumbers(name, use.rawValue)
        return (numbers[0], numbers[1])
    }

    func run() throws {
        switch use {
        case .alone: try printFigures()
        case .guarded:
            let channel = Channel<Int>()
            try Threads.spawn { try channel.put(1) }
            _ = try channel.take()
            try printFigures()
        case .twoThreads:
            let channel = Channel<Int>(capacity: 32)
            try Threads.spawn { for number in 0..<elementsPerRound { try channel.put(number) } }
            let time = try ContinuousClock().measure { for _ in 0..<elementsPerRound { _ = try channel.take() } }
            print(0, time / .nanoseconds(1) / Double(elementsPerRound))
        }
    }

    private func printFigures() throws {
        let pair = try ChannelPair()
        let stream = ChannelStream(capacity: 32)
        let trip = try median { _ = try pair.roundTrip(1) }
        let element = try median(of: elementsPerRound) { _ = try stream.take() }
        try pair.stop()
        try stream.stop()
        print(trip, element)
    }

    /// Nanoseconds for one call: of five rounds, the one in the middle.
    private func median(of count: Int = tripsPerRound, _ body: () throws -> Void) rethrows -> Double {
        try (0..<5).map { _ in
            let start = floor_thread_time()
            for _ in 0..<count { try body() }
            return Double(floor_thread_time() - start) / Double(count)
        }.median
    }
}
