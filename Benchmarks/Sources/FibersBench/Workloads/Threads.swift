// SPDX-License-Identifier: MIT
import ArgumentParser
import CFloor
import Fibers

/// Fibers that compute, on two workers against one; and the cost of handing a fiber that does nothing to a worker. Each
/// number of workers has a process of its own.
func measureThreads(rounds: Int) throws -> [Measurement] {
    var spawns: [Double] = []
    let result = try compare(rounds: rounds) {
        let child = try childNumbers(ThreadsChild.name, "2")
        spawns.append(child[1])
        return child[0]
    } floor: {
        try childNumbers(ThreadsChild.name, "1")[0]
    }
    return [
        Measurement(
            workload: "threads-compute", fibers: computingFibers, nanoseconds: result.subject,
            floorNanoseconds: result.floor, budgets: [.ratio(1 / 1.8)]),
        Measurement(
            workload: "threads-spawn", fibers: idleFibers, nanoseconds: spawns.median,
            budgets: [Budget(quantity: \.nanoseconds, limit: 1000, unit: " ns")]),
    ]
}

private let computingFibers = 400
private let idleFibers = 20_000

/// Prints the nanoseconds that pass for each fiber that computes, and that the spawning thread needs for each that does not.
struct ThreadsChild: ParsableCommand {
    static let name = "threads-child"
    static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

    @Argument var workers: Int

    func run() throws {
        try Threads.configure(default: workers)
        try spawnAndWait(count: 100) { compute(steps: 1000) }
        let clock = ContinuousClock()
        let time = try clock.measure { try spawnAndWait(count: computingFibers) { compute(steps: 500_000) } }
        let start = floor_thread_time()
        let fibers = try (0..<idleFibers).map { _ in try Threads.spawn {} }
        let spawnTime = Double(floor_thread_time() - start) / Double(idleFibers)
        for fiber in fibers { try fiber.wait() }
        print(time / .nanoseconds(1) / Double(computingFibers), spawnTime)
    }

    private func spawnAndWait(count: Int, _ body: @escaping @Sendable () -> UInt64) throws {
        for fiber in try (0..<count).map({ _ in try Threads.spawn(body) }) { _ = try fiber.fetch() }
    }
}

/// Something that takes a while and that no compiler sees through.
private func compute(steps: Int) -> UInt64 {
    var state: UInt64 = 1
    for _ in 0..<steps { state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407 }
    return state
}
