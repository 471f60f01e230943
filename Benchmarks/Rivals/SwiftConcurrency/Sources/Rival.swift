// SPDX-License-Identifier: MIT

/// Structured concurrency, on as many threads as there are cores to run on: one.
@main
enum Rival {
    static func main() async throws {
        let numbers = CommandLine.arguments.dropFirst(2).compactMap { Int($0) }
        switch CommandLine.arguments[1] {
        case "switch": await measureSwitch(numbers[0])
        case "spawn": await measureSpawn(numbers[0])
        case "condition": await measureCondition()
        case "channel-0:AsyncChannel": await measureRoundTrip()
        case "channel-0:AsyncStream": await measureStreamTrip()
        case "channel-32:AsyncChannel": try await measureChannel()
        case "skynet": await measureSkynet(numbers[0])
        case let workload: fatalError("no such workload: \(workload)")
        }
    }
}
