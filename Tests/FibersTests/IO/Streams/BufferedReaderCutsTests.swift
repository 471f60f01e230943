// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// Reads are cut short at random moments; together they give every byte once, in order.
@Suite struct BufferedReaderCutsTests {
    @Test(arguments: StreamKind.allCases)
    func `10,000 reads of all kinds, cut at random, lose no byte`(kind: StreamKind) throws {
        try kind.withPair { far, near in
            var random = SplitMix(seed: 2026)
            let reader = BufferedReader(near, capacity: 100)
            var (sent, received): ([UInt8], [UInt8]) = ([], [])
            var isOver = false
            let writer = Fiber.spawn {
                var random = SplitMix(seed: 7)
                while !isOver {
                    let bytes = randomBytes(using: &random)
                    sent += bytes
                    try far.write(bytes)
                    for _ in 0..<Int.random(in: 0...2, using: &random) { try Fiber.yield() }
                }
                try far.closeWrite()
            }
            var cuts = 0
            while cuts < 10_000 {
                let operation = Operation.random(using: &random)
                let fiber = Fiber.spawn { try operation.bytes(from: reader) }
                try drain(rounds: Int.random(in: 0...2, using: &random))
                if !fiber.isDone {
                    cuts += 1
                    fiber.cancel()
                }
                if let bytes = try? fiber.fetch() { received += bytes }
            }
            isOver = true
            received += try reader.readToEnd()
            try writer.wait()
            let isSame = received == sent
            #expect(isSame)
        }
    }

    /// Lines of random length.
    private func randomBytes(using random: inout SplitMix) -> [UInt8] {
        (0..<Int.random(in: 1...40, using: &random)).map { _ in
            Bool.random(using: &random) ? UInt8.random(in: 97...122, using: &random) : 10
        }
    }

    /// One way to read. What is returned is what was taken.
    private enum Operation {
        case some(Int)
        case exactly(Int)
        case line(limit: Int)
        case borrowed
        case peeked(Int)

        static func random(using random: inout SplitMix) -> Operation {
            let count = Int.random(in: 1...300, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: return .some(count)
            case 1: return .exactly(count)
            case 2: return .line(limit: count % 8)
            case 3: return .borrowed
            default: return .peeked(count)
            }
        }

        func bytes(from reader: BufferedReader) throws -> [UInt8] {
            switch self {
            case .some(let count): return try reader.read(upTo: count)
            case .exactly(let count): return try reader.readExactly(count)
            case .line(let limit): return try reader.readUntil(10, keepingDelimiter: true, limit: limit) ?? []
            case .borrowed: return try reader.withLine(Operation.lineAfterParking) ?? []
            case .peeked(let count):
                _ = try reader.peek(count)
                return []
            }
        }

        private static func lineAfterParking(_ line: Span<UInt8>) throws -> [UInt8] {
            try Fiber.yield()
            return line.withUnsafeBufferPointer { Array($0) } + [10]
        }
    }
}
