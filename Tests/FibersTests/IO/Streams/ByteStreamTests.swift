// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ByteStreamTests {
    @Test(arguments: StreamKind.allCases)
    func `W17: a read parks until there is a byte, and others run meanwhile`(kind: StreamKind) throws {
        try kind.withPair { one, other in
            var count = 0
            let reader = Fiber.spawn { try one.readText() }
            for _ in 0..<100 {
                count += 1
                try Fiber.yield()
            }
            #expect(count == 100 && !reader.isDone)
            try other.write("late")
            try #expect(reader.fetch() == "late")
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `IO10: 2,000 writes of several fibers arrive whole and in call order`(kind: StreamKind) throws {
        try kind.withPair { one, other in
            for number in 0..<2000 { Fiber.spawn { try one.write([UInt8](repeating: UInt8(number % 251), count: 7)) } }
            let expected = (0..<2000).flatMap { [UInt8](repeating: UInt8($0 % 251), count: 7) }
            var received: [UInt8] = []
            while received.count < expected.count { received += try other.read() }
            #expect(received == expected)
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `every form of write sends the same bytes`(kind: StreamKind) throws {
        try kind.withPair { one, other in
            let bytes: [UInt8] = [0, 1, 2]
            try one.write(bytes)
            try one.write(bytes[1...])
            try one.write(bytes.lazy.map { $0 + 1 })
            try one.write(bytes.span.bytes)
            try one.write("é")
            try one.write(gathering: [bytes, [], [9]])
            try one.closeWrite()
            try #expect(other.readAll() == [0, 1, 2, 1, 2, 1, 2, 3, 0, 1, 2, 0xC3, 0xA9, 0, 1, 2, 9])
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `IO10: gathered arrays are one write`(kind: StreamKind) throws {
        try gatherTwice((0..<16).map { [UInt8](repeating: UInt8($0), count: $0 * 1001) }, kind)
        try gatherTwice((0..<17).map { [UInt8](repeating: UInt8($0), count: $0 * 1001) }, kind)
    }

    private func gatherTwice(_ parts: [[UInt8]], _ kind: StreamKind) throws {
        try kind.withPair { one, other in
            let reader = spawnReadingAll(other)
            let writers = (0..<2).map { _ in Fiber.spawn { try one.write(gathering: parts) } }
            for writer in writers { try writer.wait() }
            try one.closeWrite()
            let expected = Array((parts + parts).joined())
            let isWhole = try reader.fetch() == expected
            #expect(isWhole)
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `300 gathered pieces of memory arrive in order`(kind: StreamKind) throws {
        try kind.withPair { one, other in
            let bytes = pattern(1 << 20)
            let reader = spawnReadingAll(other)
            try bytes.withUnsafeBytes { all in
                let pieces = (0..<300).map { all[$0 * 3000..<$0 * 3000 + $0 * 10] }
                try one.write(gathering: pieces.map(UnsafeRawBufferPointer.init(rebasing:)))
            }
            try one.closeWrite()
            let isSame = try reader.fetch() == (0..<300).flatMap { bytes[$0 * 3000..<$0 * 3000 + $0 * 10] }
            #expect(isSame)
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `IO16: a stream closed under readers and writers gives each of them ClosedError`(kind: StreamKind) throws {
        try kind.withPair { one, _ in
            let reader = Fiber.spawn { try one.read() }
            let writer = Fiber.spawn { try one.write([UInt8](repeating: 1, count: 16 << 20)) }
            let next = Fiber.spawn { try one.write("next") }
            try drain(rounds: 500)
            #expect(!one.isClosed)
            one.close()
            one.close()
            #expect(one.isClosed)
            #expect(failure(of: reader) is ClosedError)
            #expect((failure(of: writer) as? PartialWriteError)?.cause is ClosedError)
            #expect(failure(of: next) is ClosedError)
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `IO16: every call on a closed stream throws ClosedError`(kind: StreamKind) throws {
        try kind.withPair { one, _ in
            one.close()
            #expect(failure { try one.read() } is ClosedError)
            #expect(failure { try one.write("x") } is ClosedError)
            #expect(failure { try one.write(gathering: [[1], [2]]) } is ClosedError)
            #expect(failure { try one.closeWrite() } is ClosedError)
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `IO17 IO18: after closeWrite reading works still, and the other way round`(kind: StreamKind) throws {
        try kind.withPair { one, other in
            try one.write("question")
            try one.closeWrite()
            try one.closeWrite()
            #expect(failure { try one.write("more") } is ClosedError)
            try #expect(other.readAll() == Array("question".utf8))
            try #expect(other.read() == [])
            try other.write("answer")
            try other.closeWrite()
            try #expect(one.readAll() == Array("answer".utf8))
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `IO17: closeWrite under a writer ends its write with ClosedError`(kind: StreamKind) throws {
        try kind.withPair { one, other in
            let writer = Fiber.spawn { try one.write([UInt8](repeating: 1, count: 16 << 20)) }
            let next = Fiber.spawn { try one.write("next") }
            try drain(rounds: 500)
            try one.closeWrite()
            let error = try #require(failure(of: writer) as? PartialWriteError)
            #expect(error.cause is ClosedError)
            #expect(failure(of: next) is ClosedError)
            try #expect(other.readAll().count == error.bytesWritten)
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `IO19: an endless writer parks while nobody reads`(kind: StreamKind) throws {
        try kind.withPair { one, other in
            var taken = 0
            let writer = Fiber.spawn {
                while true {
                    try one.write([UInt8](repeating: 1, count: 65_536))
                    taken += 65_536
                }
            }
            try drain(rounds: 2000)
            #expect(writer.state == .waiting)
            #expect(taken < 16 << 20)
            writer.cancel()
            _ = failure(of: writer)
            withExtendedLifetime(other) {}
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `IO20: several readers lose no byte`(kind: StreamKind) throws {
        try kind.withPair { one, other in
            let readers = (0..<3).map { _ in
                Fiber.spawn {
                    var all: [UInt8] = []
                    while case let bytes = try one.read(upTo: 7), !bytes.isEmpty { all += bytes }
                    return all
                }
            }
            for byte in UInt8.min...(.max) {
                try other.write([byte])
                try Fiber.yield()
            }
            try other.closeWrite()
            let received = try readers.flatMap { try $0.fetch() }
            #expect(received.sorted() == Array(UInt8.min...(.max)))
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `IO21: what can be read and written`(kind: StreamKind) throws {
        try kind.withPair { one, _ in
            #expect(one.isReadable && one.isWritable)
            try one.closeWrite()
            #expect(one.isReadable && !one.isWritable)
            one.close()
            #expect(!one.isReadable && !one.isWritable)
        }
    }
}
