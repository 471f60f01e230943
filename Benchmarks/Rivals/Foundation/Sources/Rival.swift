// SPDX-License-Identifier: MIT
import Foundation

@main
enum Rival {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard let count = Int(arguments[2]), let path = arguments.last else { fatalError("a number is missing") }
        let program = URL(fileURLWithPath: path)
        let start = ContinuousClock.now
        switch arguments[1] {
        case "processes": try runProcesses(count, atOnce: Int(arguments[3]) ?? 1, program)
        case "processes-captured": try captureProcesses(count, program)
        case let workload: fatalError("no such workload: \(workload)")
        }
        let time = start.duration(to: .now).components
        print((Double(time.seconds) * 1e9 + Double(time.attoseconds) / 1e9) / Double(count))
    }
}

/// Children that run to their end, so many at once.
func runProcesses(_ count: Int, atOnce: Int, _ program: URL) throws {
    let permits = DispatchSemaphore(value: atOnce)
    for _ in 0..<count {
        permits.wait()
        let process = Process()
        process.executableURL = program
        process.terminationHandler = { _ in permits.signal() }
        try process.run()
    }
    for _ in 0..<atOnce { permits.wait() }
    for _ in 0..<atOnce { permits.signal() }
}

/// Children whose output is read.
func captureProcesses(_ count: Int, _ program: URL) throws {
    for _ in 0..<count {
        let (process, output) = (Process(), Pipe())
        process.executableURL = program
        process.standardOutput = output
        try process.run()
        _ = try output.fileHandleForReading.readToEnd()
        process.waitUntilExit()
    }
}
