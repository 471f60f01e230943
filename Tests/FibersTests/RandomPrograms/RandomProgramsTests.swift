// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import Testing

/// Random programs must do what the model says, step by step.
///
/// `FIBERS_SEED=12345` runs one program only, `FIBERS_PROGRAMS=1000000` as many as that. While a program runs, its seed is
/// the name of the thread, so that the backtrace of a crash tells it.
@Suite struct RandomProgramsTests {
    private static let batchSize = 2_500
    private static let seed = number("FIBERS_SEED")
    private static let count = number("FIBERS_PROGRAMS") ?? 100_000

    private static func number(_ variable: String) -> Int? {
        ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }
    }

    static var batches: [Range<Int>] {
        if let seed { return [seed..<seed + 1] }
        return stride(from: 0, to: count, by: batchSize).map { $0..<min($0 + batchSize, count) }
    }

    @Test(arguments: batches)
    func `Random programs do what the model says`(seeds: Range<Int>) throws {
        let failed = try EventLoop.run(isolated: true) { seeds.first { !runs(Program(seed: UInt64($0))) } }
        if let failed { Issue.record("\(try report(Program(seed: UInt64(failed))))") }
    }

    private func runs(_ program: Program) -> Bool {
        Thread.current.name = "seed \(program.seed)"
        return Comparison(program).isEqual
    }

    /// A smaller program that fails, too, and how to run the failing one again.
    private func report(_ program: Program) throws -> String {
        let smallest = program.shrunk { program in (try? EventLoop.run(isolated: true) { !runs(program) }) ?? false }
        return """
            FIBERS_SEED=\(program.seed) swift test --filter RandomPrograms, of which this is left:
            \(try EventLoop.run(isolated: true) { Comparison(smallest).report })
            """
    }
}
