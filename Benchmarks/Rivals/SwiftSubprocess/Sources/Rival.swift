// SPDX-License-Identifier: MIT
import Foundation
import Subprocess
import SystemPackage

@main
enum Rival {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard let count = Int(arguments[2]), let path = arguments.last else { fatalError("a number is missing") }
        let start = ContinuousClock.now
        switch arguments[1] {
        case "processes": try await runProcesses(count, atOnce: Int(arguments[3]) ?? 1, FilePath(path))
        case "processes-captured": try await captureProcesses(count, FilePath(path))
        case let workload: fatalError("no such workload: \(workload)")
        }
        let time = start.duration(to: .now).components
        print((Double(time.seconds) * 1e9 + Double(time.attoseconds) / 1e9) / Double(count))
    }
}

/// Children that run to their end, so many at once.
func runProcesses(_ count: Int, atOnce: Int, _ path: FilePath) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<count {
            if index >= atOnce { try await group.next() }
            group.addTask {
                let result = try await run(.path(path), output: .discarded)
                precondition(result.terminationStatus.isSuccess)
            }
        }
        try await group.waitForAll()
    }
}

/// Children whose output is read.
func captureProcesses(_ count: Int, _ path: FilePath) async throws {
    for _ in 0..<count { _ = try await run(.path(path), output: .string(limit: 65_536)) }
}
