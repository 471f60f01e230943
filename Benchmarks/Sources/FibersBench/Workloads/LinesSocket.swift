// SPDX-License-Identifier: MIT
import ArgumentParser
import CFloor
import Fibers

private let lineLength = 64
private let lineCount = (1 << 29) / lineLength
/// As much as a reader has at most.
private let blockSize = 262_144

/// Reading the lines that come through a socket, against reading the same in blocks, looking at nothing. The reader on one
/// core, who sends on the other.
func measureLinesSocket(rounds: Int) throws -> [Measurement] {
    guard floor_use_cores(2) else { return [] }
    defer { floor_use_all_cores() }
    var (lines, blocks): ([ReadingTimes], [ReadingTimes]) = ([], [])
    for _ in 0...rounds {
        blocks.append(try times(readBlocks))
        lines.append(try times(readLines))
    }
    func measurement(_ suffix: String, _ time: KeyPath<ReadingTimes, Double>, _ budgets: [Budget]) -> Measurement {
        Measurement(
            workload: "lines-socket\(suffix)", nanoseconds: lines.dropFirst().map { $0[keyPath: time] }.median,
            floorNanoseconds: blocks.dropFirst().map { $0[keyPath: time] }.median, budgets: budgets)
    }
    return [measurement("", \.passed, [.ratio(1.1)]), measurement("-cpu", \.cpu, [])]
}

/// Nanoseconds per line.
private struct ReadingTimes {
    let passed: Double
    let cpu: Double
}

/// What the body takes to read everything from a new connection.
private func times(_ body: (TCPConnection) throws -> Int) throws -> ReadingTimes {
    let listener = try TCPListener.listen(on: 0)
    defer { listener.close() }
    floor_use_core(1)
    let arguments = [LinesChild.name, "\(listener.address.port)"]
    let sender = try Command(CommandLine.arguments[0], arguments: arguments).spawn()
    floor_use_core(0)
    let connection = try listener.accept()
    defer { connection.close() }
    let cpu = floor_thread_time()
    var count = 0
    let passed = try ContinuousClock().measure { count = try body(connection) }
    let used = Double(floor_thread_time() - cpu)
    guard count == lineCount, try sender.wait().isSuccess else { throw ChildFailure(text: "\(count) lines came") }
    return ReadingTimes(passed: passed / .nanoseconds(lineCount), cpu: used / Double(lineCount))
}

private func readBlocks(_ connection: TCPConnection) throws -> Int {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockSize, alignment: 64)
    defer { block.deallocate() }
    var bytes = 0
    while case let count = try connection.read(into: block), count > 0 { bytes += count }
    return bytes / lineLength
}

private func readLines(_ connection: TCPConnection) throws -> Int {
    var count = 0
    try BufferedReader(connection, capacity: blockSize).forEachLine { _ in count += 1 }
    return count
}

struct LinesChild: ParsableCommand {
    static let name = "lines-child"
    static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

    @Argument var port: Int

    func run() throws {
        let line = [UInt8](repeating: 120, count: lineLength - 1) + [10]
        let block = Array(repeatElement(line, count: blockSize / lineLength).joined())
        let connection = try TCPConnection.connect(to: "127.0.0.1", port: port)
        for _ in 0..<lineCount * lineLength / blockSize { try connection.write(block) }
        connection.close()
    }
}
