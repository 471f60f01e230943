// SPDX-License-Identifier: MIT
import CFloor
import Fibers

/// How a rival runs a workload.
struct RivalProgram {
    /// The rival's, and its form if there are several: "SwiftNIO async".
    let name: String
    let version: String
    /// Prints a line of numbers and ends, or a port and serves.
    let command: Command

    /// Runs it on one core, for at most two minutes.
    func numbers() throws -> [Double] {
        floor_use_core(0)
        defer { floor_use_all_cores() }
        return try withTimeout(.seconds(120)) { try printedNumbers(of: command) }
    }
}

/// What a rival needs, as medians.
struct RivalResult {
    let name: String
    let version: String
    var nanoseconds: Double
    var residentKiBPerFiber: Double?
}

/// Rivals that take part in every round. Who fails takes part in no further one.
final class RivalRounds {
    private var entries: [(program: RivalProgram, lines: [[Double]])]

    init(_ programs: [RivalProgram]) { entries = programs.map { ($0, []) } }

    func run(isWarmUp: Bool, _ numbers: (RivalProgram) throws -> [Double] = { try $0.numbers() }) {
        entries = entries.compactMap { program, lines in
            do {
                let line = try numbers(program)
                return (program, isWarmUp ? [] : lines + [line])
            } catch {
                warn("\(program.name) is left out: \(error)")
                return nil
            }
        }
    }

    /// Of lines with nanoseconds and, if memory counts, bytes.
    var results: [RivalResult] {
        zip(results(column: 0), memory).map { result, bytes in
            var result = result
            result.residentKiBPerFiber = bytes.map { $0 / 1024 }
            return result
        }
    }

    /// Of lines with nanoseconds in this column.
    func results(column: Int) -> [RivalResult] {
        entries.map { program, lines in
            RivalResult(name: program.name, version: program.version, nanoseconds: lines.map { $0[column] }.median)
        }
    }

    private var memory: [Double?] {
        entries.map { _, lines in lines.allSatisfy { $0.count > 1 } ? lines.map { $0[1] }.median : nil }
    }
}
