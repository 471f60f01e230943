// SPDX-License-Identifier: MIT
import ArgumentParser
import CFloor
import Fibers

private let branches = 10

/// A tree of fibers, ten to a branch: each leaf puts its number into the channel of its parent, which puts the sum into
/// that of its own. Each round runs in a process of its own, for its peak memory.
func measureSkynet(leaves: Int, rounds: Int) throws -> Measurement {
    var peaks: [Double] = []
    let result = try compare(rounds: rounds) {
        let child = try SkynetChild.start(leaves: leaves)
        peaks.append(child.peakBytes / Double(leaves) / 1024)
        return child.nanoseconds / Double(leaves)
    } floor: {
        nil
    }
    return Measurement(
        workload: "skynet", fibers: leaves, nanoseconds: result.subject, residentKiBPerFiber: peaks.median,
        budgets: leaves == 1_000_000 ? budgets : [])
}

/// 500 ms and 700 MiB for a million leaves.
private var budgets: [Budget] {
    [
        Budget(quantity: \.nanoseconds, limit: 500, unit: " ns"),
        Budget(quantity: \.residentKiBPerFiber, limit: 0.7168, unit: " KiB"),
    ]
}

/// The process of one round: prints the CPU time of the tree and the peak memory.
struct SkynetChild: ParsableCommand {
    static let name = "skynet-child"
    static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

    @Argument var leaves: Int

    func run() throws {
        let start = floor_process_time()
        let result = Channel<Int>(capacity: 1)
        Fiber.spawn { [leaves] in try putSum(from: 0, leaves: leaves, into: result) }
        guard try result.take() == leaves * (leaves - 1) / 2 else { throw ChildFailure(text: "the sum is wrong") }
        print(floor_process_time() - start, floor_peak_resident_bytes())
    }

    static func start(leaves: Int) throws -> (nanoseconds: Double, peakBytes: Double) {
        let numbers = try childNumbers(name, "\(leaves)")
        return (numbers[0], numbers[1])
    }
}

/// Puts the sum of `leaves` numbers from `first` on.
private func putSum(from first: Int, leaves: Int, into results: Channel<Int>) throws {
    guard leaves > 1 else { return try results.put(first) }
    let parts = Channel<Int>(capacity: ChannelCapacity(branches))
    let leavesOfBranch = leaves / branches
    for start in stride(from: first, to: first + leaves, by: leavesOfBranch) {
        Fiber.spawn { try putSum(from: start, leaves: leavesOfBranch, into: parts) }
    }
    var sum = 0
    for _ in 0..<branches { sum += try parts.take() }
    try results.put(sum)
}
