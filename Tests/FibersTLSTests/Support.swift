// SPDX-License-Identifier: MIT
import Fibers
import FibersTLS
import SystemPackage
import Testing

/// Runs a synchronous test body as the root fiber of a loop of its own, so that tests can run side by side.
func inFiber<Result>(_ body: () throws -> Result) throws -> Result {
    try EventLoop.run(isolated: true, body)
}

/// Lets everything that is ready run, and what that makes ready, until nothing changes in practice.
func drain(rounds: Int = 20) throws {
    for _ in 0..<rounds { try Fiber.yield() }
}

/// What `body` throws; `nil` if it returns.
func failure<Result>(of body: () throws -> Result) -> (any Error)? {
    do {
        _ = try body()
        return nil
    } catch {
        return error
    }
}

/// What a fiber fails with; `nil` if it returns. Parks until it has finished.
func failure<Value>(of fiber: Fiber<Value>) -> (any Error)? {
    try? fiber.wait()
    return fiber.failure
}

/// Bytes in which every loss, doubling and swap shows: their period is a prime number, unlike that of any buffer.
func pattern(_ count: Int) -> [UInt8] {
    let period = (0..<4093).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + period.count)
    while bytes.count < count { bytes += period }
    return Array(bytes.prefix(count))
}

extension ByteStream {
    func readAll() throws -> [UInt8] {
        var all: [UInt8] = []
        while case let bytes = try read(), !bytes.isEmpty { all += bytes }
        return all
    }

    func readText() throws -> String { String(decoding: try read(), as: UTF8.self) }
}

/// Random numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// What carries the encrypted bytes.
enum Carrier: CaseIterable {
    case tcp
    case memory
    /// Holds less than a record.
    case narrowMemory

    func makePair() throws -> (any ByteStream, any ByteStream) {
        switch self {
        case .memory: return MemoryStream.makePair()
        case .narrowMemory: return MemoryStream.makePair(capacity: 1000)
        case .tcp:
            let listener = try TCPListener.listen(on: 0)
            defer { listener.close() }
            return (
                try TCPConnection.connect(to: "127.0.0.1", port: listener.address.port), try listener.accept()
            )
        }
    }
}

/// Runs `body` with the path of a file that holds `text`.
func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
    let output = try Command("mktemp").output()
    let path = String(decoding: output, as: UTF8.self).filter { !$0.isNewline }
    defer { try? Command("rm", "-f", path).run() }
    let file = try FileDescriptor.open(FilePath(path), .writeOnly, options: .closeOnExec)
    try file.closeAfter { _ = try file.writeAll(text.utf8) }
    return try body(path)
}
