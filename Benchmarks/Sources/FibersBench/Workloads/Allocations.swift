// SPDX-License-Identifier: MIT
import CFloor

private let operations = 100_000

/// Calls of the allocator per operation. Not measured without glibc.
func measureAllocations() throws -> [Measurement] {
    let limits = try CountLimits()
    return try Operation.allCases.map { operation in
        let name = "allocations-\(operation.rawValue)"
        var count = 0.0
        try operation.run { count = try allocations($0) }
        return Measurement(
            workload: name, allocationsPerOperation: floor_counts_allocations ? count / operation.timesPerCall : nil,
            budgets: limits.budgets(name, \.allocationsPerOperation, " allocations"))
    }
}

/// After as many calls to warm up.
private func allocations(_ body: () throws -> Void) throws -> Double {
    for _ in 0..<operations { try body() }
    let before = floor_allocations()
    for _ in 0..<operations { try body() }
    return Double(floor_allocations() - before) / Double(operations)
}
