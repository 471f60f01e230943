// SPDX-License-Identifier: MIT
import CFloor
import Fibers
import SystemPackage

private let lineLength = 64
private let lineCount = (1 << 30) / lineLength

/// Reading the lines of 1 GiB.
func measureLines(rounds: Int) throws -> [Measurement] {
    let bytes = Array(repeatElement([UInt8](repeating: 120, count: lineLength - 1) + [10], count: lineCount).joined())
    return try withTemporaryFile { file in
        try file.write(bytes)
        func reopened() throws -> DescriptorStream {
            try DescriptorStream(adopting: FileDescriptor.open(file.path, .readOnly, options: .closeOnExec))
        }
        let floor = { timePerLine { floor_count_lines(file.path.string) } }
        return [
            try measurement("memory", rounds, floor) { try visitedLines(MemoryStream(bytes)) },
            try measurement("file", rounds, floor) { try visitedLines(reopened()) },
            try measurement("file-strings", rounds, floor) { try stringLines(reopened()) },
        ]
    }
}

private func measurement(
    _ name: String, _ rounds: Int, _ floor: () -> Double, _ body: () throws -> Int
) throws -> Measurement {
    let result = try compare(rounds: rounds) {
        try timePerLine(body)
    } floor: {
        floor()
    }
    return Measurement(
        workload: "lines-\(name)", nanoseconds: result.subject, floorNanoseconds: result.floor,
        budgets: [Budget(quantity: \.nanoseconds, limit: Double(lineLength), unit: " ns")])
}

/// Nanoseconds of wall-clock time, of which the pool's thread has its share.
private func timePerLine(_ body: () throws -> Int) rethrows -> Double {
    var count = 0
    let time = try ContinuousClock().measure { count = try body() }
    precondition(count == lineCount, "\(count) lines")
    return time / .nanoseconds(count)
}

private func visitedLines(_ stream: any ByteStream) throws -> Int {
    var count = 0
    try BufferedReader(stream).forEachLine { _ in count += 1 }
    return count
}

private func stringLines(_ stream: any ByteStream) throws -> Int {
    let reader = BufferedReader(stream)
    var count = 0
    while try reader.readLine() != nil { count += 1 }
    return count
}
