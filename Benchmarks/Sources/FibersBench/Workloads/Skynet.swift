// SPDX-License-Identifier: MIT
import ArgumentParser
import CFloor
import Fibers

private let branches = 10
/// What is worth handing to another thread.
private let leavesOfJob = 10_000

/// A tree of fibers, ten to a branch: each leaf puts its number into the channel of its parent, which puts the sum into
/// that of its own. On one thread, or with its largest branches on the workers of a pool. Each round runs in a process of
/// its own, for its peak memory.
func measureSkynet(
    _ threads: SkynetChild.Threads, leaves: Int, rounds: Int, against rivals: [Rival]
) throws -> [Measurement] {
    var peaks: [Double] = []
    let programs = threads == .one ? rivals.programs(for: "skynet", "\(leaves)") : []
    let result = try compare(rounds: rounds, against: programs) {
        let child = try SkynetChild.start(threads, leaves: leaves)
        peaks.append(child.peakBytes / Double(leaves) / 1024)
        return child.nanoseconds / Double(leaves)
    } floor: {
        nil
    }
    return Measurement(
        workload: threads == .one ? "skynet" : "skynet-threads", fibers: leaves, nanoseconds: result.subject,
        residentKiBPerFiber: peaks.median,
        budgets: leaves == 1_000_000 ? budgets : []
    ).against(result.rivals)
}

/// 500 ms and 700 MiB for a million leaves.
private var budgets: [Budget] {
    [
        Budget(quantity: \.nanoseconds, limit: 500, unit: " ns"),
        Budget(quantity: \.residentKiBPerFiber, limit: 0.7168, unit: " KiB"),
    ]
}

/// The process of one round: prints the nanoseconds that pass until the tree is summed, and the peak memory.
struct SkynetChild: ParsableCommand {
    static let name = "skynet-child"
    static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

    enum Threads: String, ExpressibleByArgument {
        case one
        case pool
    }

    @Argument var threads: Threads
    @Argument var leaves: Int

    func run() throws {
        var result = 0
        let time = try ContinuousClock().measure {
            result = try threads == .one ? sum(from: 0, leaves: leaves) : sumOfBranches(leaves: leaves)
        }
        guard result == leaves * (leaves - 1) / 2 else { throw ChildFailure(text: "the sum is wrong") }
        print(time / .nanoseconds(1), floor_peak_resident_bytes())
    }

    static func start(_ threads: Threads, leaves: Int) throws -> (nanoseconds: Double, peakBytes: Double) {
        let numbers = try childNumbers(name, threads.rawValue, "\(leaves)")
        return (numbers[0], numbers[1])
    }
}

/// Each branch of enough leaves on whatever worker is free.
private func sumOfBranches(from first: Int = 0, leaves: Int) throws -> Int {
    guard leaves > leavesOfJob else { return try sum(from: first, leaves: leaves) }
    let leavesOfBranch = leaves / branches
    let sums = try stride(from: first, to: first + leaves, by: leavesOfBranch).map { start in
        try Threads.spawn { try sumOfBranches(from: start, leaves: leavesOfBranch) }
    }
    return try sums.reduce(0) { try $0 + $1.fetch() }
}

private func sum(from first: Int, leaves: Int) throws -> Int {
    let result = Channel<Int>(capacity: 1)
    Fiber.spawn { try putSum(from: first, leaves: leaves, into: result) }
    return try result.take()
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
