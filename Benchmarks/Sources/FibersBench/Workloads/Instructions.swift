// SPDX-License-Identifier: MIT
import ArgumentParser
import Fibers
import SystemPackage

private let operations = 2_000

/// Instructions per operation outside of the kernel, as callgrind counts them: the same on every run and, with one compiler, on
/// every machine. What the process does besides is counted in two runs of different length, and drops out.
func measureInstructions() throws -> [Measurement] {
    guard (try? Command("valgrind", "--version").with(\.standardOutput, .null).run()) != nil else {
        warn("instructions are left out: there is no valgrind")
        return []
    }
    let limits = try CountLimits()
    return try withTemporaryFolder { folder in
        let program = folder.appending("fibers-bench")
        // Debian's valgrind cannot read what Swift tells debuggers.
        try Command("strip", "--strip-debug", "-o", program, CommandLine.arguments[0]).run()
        return try asyncMap(over: Operation.allCases, concurrency: 2) { operation in
            let name = "instructions-\(operation.rawValue)"
            let counts = try [operations, 2 * operations].map { try instructions(of: program, operation, $0) }
            return Measurement(
                workload: name,
                instructionsPerOperation: Double(counts[1] - counts[0]) / Double(operations) / operation.timesPerCall,
                budgets: limits.budgets(name, \.instructionsPerOperation, " instructions"))
        }
    }
}

/// Of the whole process.
private func instructions(of program: FilePath, _ operation: Operation, _ count: Int) throws -> Int {
    let output = try Command(
        "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, OperationChild.name,
        operation.rawValue, count
    ).capture()
    let report = String(decoding: output.errors, as: UTF8.self)
    guard let line = report.split(separator: "\n").first(where: { $0.contains("Collected :") }),
        let count = line.split(separator: " ").last.flatMap({ Int($0) })
    else { throw ChildFailure(text: "valgrind says: \(report)") }
    return count
}

struct OperationChild: ParsableCommand {
    static let name = "operation-child"
    static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

    @Argument var operation: Operation
    @Argument var count: Int

    func run() throws {
        try operation.run { body in
            for _ in 0..<count { try body() }
        }
    }
}
