// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct BufferedWriterTests {
    @Test func `nothing is sent before a flush, and then all in order`() throws {
        try inFiber {
            let stream = MemoryStream()
            let writer = BufferedWriter(stream)
            for number in 0..<10 { try writer.write("\(number)") }
            #expect(stream.written == [] && writer.bytesWaiting == 10)
            try writer.flush()
            #expect(stream.written == Array("0123456789".utf8) && writer.bytesWaiting == 0)
        }
    }

    @Test func `what does not fit is sent with what waited, as one write`() throws {
        try inFiber {
            let stream = MemoryStream()
            let writer = BufferedWriter(stream, capacity: 4)
            try writer.write("ab")
            try writer.write("cde")
            #expect(stream.written == Array("abcde".utf8) && writer.bytesWaiting == 0)
            try writer.write("fghi")
            #expect(writer.bytesWaiting == 4)
            try writer.write(gathering: [[106], [107]])
            #expect(stream.written == Array("abcdefghijk".utf8))
        }
    }

    @Test func `IO10: writes of several fibers are whole and in call order`() throws {
        try inFiber {
            let (one, other) = MemoryStream.makePair(capacity: 5)
            let writer = BufferedWriter(one, capacity: 7)
            for number in UInt8(0)..<50 { Fiber.spawn { try writer.write([UInt8](repeating: number, count: 3)) } }
            let expected = (UInt8(0)..<50).flatMap { [UInt8](repeating: $0, count: 3) }
            let reader = BufferedReader(other)
            Fiber.spawn { try writer.flush() }
            try #expect(reader.readExactly(150) == expected)
        }
    }

    @Test func `closing sends what waits and closes the stream, even if that fails`() throws {
        try inFiber {
            let (one, other) = MemoryStream.makePair()
            let writer = BufferedWriter(one)
            try writer.write("bye")
            try writer.close()
            try #expect(other.readText() == "bye")
            #expect(one.isClosed)

            let broken = BufferedWriter(other)
            try broken.write("lost")
            #expect(failure(of: broken.close) is IOError)
            #expect(other.isClosed && broken.bytesWaiting == 4)
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `10,000 writes and flushes cut at random send each byte once, in order`(kind: StreamKind) throws {
        try kind.withPair { one, other in
            var random = SplitMix(seed: 5)
            let writer = BufferedWriter(one, capacity: 50)
            var (accepted, received): ([UInt8], [UInt8]) = ([], [])
            for round in 0..<10_000 {
                let bytes = [UInt8](repeating: UInt8(round % 251), count: Int.random(in: 0...100, using: &random))
                let fiber = Fiber.spawn { try bytes.isEmpty ? writer.flush() : writer.write(bytes) }
                try drain(rounds: Int.random(in: 0...1, using: &random))
                fiber.cancel()
                let error = failure(of: fiber)
                accepted += bytes.prefix(error == nil ? bytes.count : (error as? PartialWriteError)?.bytesWritten ?? 0)
                if round % 70 == 0 { received += (try? withTimeout(.zero) { try other.read() }) ?? [] }
            }
            let reader = spawnReadingAll(other)
            try writer.flush()
            try one.closeWrite()
            received += try reader.fetch()
            let isSame = received == accepted
            #expect(isSame)
        }
    }
}
