// SPDX-License-Identifier: MIT
import ArgumentParser
import CFloor
import Fibers

private let branches = 10

/// A tree of fibers, ten to a branch, whose leaves put their numbers into the channels of their parents.
enum Skynet {
    /// Sums the numbers from `first` on of as many leaves into `channel`.
    static func run(into channel: Channel<Int>, first: Int, leaves: Int) throws {
        guard leaves > 1 else { return try channel.put(first) }
        let results = Channel<Int>(capacity: ChannelCapacity(branches))
        for branch in 0..<branches {
            Fiber.spawn {
                try run(into: results, first: first + branch * leaves / branches, leaves: leaves / branches)
            }
        }
        var sum = 0
        for _ in 0..<branches { sum += try results.take() }
        try channel.put(sum)
    }
}

struct SkynetChild: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs one tree in a process of its own.", shouldDisplay: false)

    @Argument(help: "How many leaves.")
    var leaves: Int

    func run() throws {
        let start = floor_thread_time()
        let result = Channel<Int>(capacity: 1)
        Fiber.spawn { try Skynet.run(into: result, first: 0, leaves: leaves) }
        let sum = try result.take()
        let end = floor_thread_time()
        print(sum == leaves * (leaves - 1) / 2, Double(end - start) / 1e6, "ms")
    }
}
