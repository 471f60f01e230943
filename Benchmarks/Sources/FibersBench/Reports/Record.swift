// SPDX-License-Identifier: MIT
import Foundation

/// A line of what `--json` prints.
struct Record: Decodable {
    let workload: String
    let subject: String
    let version: String?
    let fibers: Int?
    let nanoseconds: Double?
    let floorNanoseconds: Double?
    let residentKiB: Double?
    let allocations: Double?
    let instructions: Double?
    let cpuPercent: Double?

    private enum CodingKeys: String, CodingKey {
        case workload, subject, version, fibers
        case nanoseconds = "ns_per_op"
        case floorNanoseconds = "floor_ns_per_op"
        case residentKiB = "rss_kib_per_fiber"
        case allocations = "allocations_per_op"
        case instructions = "instructions_per_op"
        case cpuPercent = "cpu_percent"
    }

    static func read(_ path: String) throws -> [Record] {
        let decoder = JSONDecoder()
        return try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).map {
            try decoder.decode(Record.self, from: Data($0.utf8))
        }
    }

    /// What was measured on whom: the same in another run.
    var key: String { "\(workload) \(fibers.map { "\($0)" } ?? "") \(subject)" }
}

extension Record {
    init(_ measurement: Measurement) {
        workload = measurement.workload
        subject = measurement.subject
        version = measurement.version
        fibers = measurement.fibers
        nanoseconds = measurement.nanoseconds
        floorNanoseconds = measurement.floorNanoseconds
        residentKiB = measurement.residentKiBPerFiber
        allocations = measurement.allocationsPerOperation
        instructions = measurement.instructionsPerOperation
        cpuPercent = measurement.cpuPercent
    }
}
