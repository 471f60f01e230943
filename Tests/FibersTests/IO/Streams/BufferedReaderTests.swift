// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct BufferedReaderTests {
    /// Runs a test body with a reader that gets `text` in pieces of `size` bytes.
    private func withReader(_ text: String, piece size: Int = 3, _ body: (BufferedReader) throws -> Void) throws {
        try inFiber {
            let (far, near) = MemoryStream.makePair(capacity: size)
            Fiber.spawn {
                try far.write(text)
                try far.closeWrite()
            }
            try body(BufferedReader(near))
        }
    }

    @Test func `IO11: reading to the end gives all, and then nothing every time`() throws {
        try withReader("all of it") { reader in
            try #expect(reader.readToEnd() == Array("all of it".utf8))
            for _ in 0..<2 { try #expect(reader.readToEnd() == []) }
        }
    }

    @Test func `IO11: reading to the end takes nothing if there is more than the limit`() throws {
        try withReader("123456789") { reader in
            let error = failure { try reader.readToEnd(limit: 5) } as? LimitExceededError
            #expect(error?.limit == 5)
            try #expect(reader.readToEnd(limit: 9) == Array("123456789".utf8))
        }
    }

    @Test func `IO12: an exact read parks until there is enough`() throws {
        try withReader("abcdefgh") { reader in
            try #expect(reader.readExactly(5) == Array("abcde".utf8))
            try #expect(reader.readExactly(0) == [])
            try #expect(reader.readExactly(3) == Array("fgh".utf8))
        }
    }

    @Test(arguments: [5, 100, 100_000])
    func `IO12: an exact read at an early end takes nothing`(count: Int) throws {
        try withReader("abcd") { reader in
            let error = failure { try reader.readExactly(count) } as? EndOfInputError
            #expect(error?.expected == count && error?.available == 4)
            try #expect(reader.readExactly(4) == Array("abcd".utf8))
            #expect(failure { try reader.readExactly(1) } is EndOfInputError)
        }
    }

    @Test func `IO13: what is there can be seen, and is read without parking`() throws {
        try withReader("abcdef", piece: 100) { reader in
            #expect(reader.bytesAvailable == 0)
            try #expect(reader.peek(2) == Array("ab".utf8))
            #expect(reader.bytesAvailable == 6)
            try #expect(reader.read(upTo: 4) == Array("abcd".utf8))
            #expect(reader.bytesAvailable == 2)
            try #expect(reader.read() == Array("ef".utf8))
            try #expect(reader.read() == [])
        }
    }

    @Test func `peeking takes nothing, and sees less at the end`() throws {
        try withReader("abcd") { reader in
            for _ in 0..<2 { try #expect(reader.peek(3) == Array("abc".utf8)) }
            try #expect(reader.peek(10) == Array("abcd".utf8))
            try #expect(reader.readToEnd() == Array("abcd".utf8))
            try #expect(reader.peek(1) == [])
        }
    }

    @Test func `skipping drops bytes and says how many there were`() throws {
        try withReader("abcdefgh") { reader in
            try #expect(reader.skip(6) == 6)
            try #expect(reader.peek(1) == Array("g".utf8))
            try #expect(reader.skip(6) == 2)
            try #expect(reader.skip(6) == 0)
        }
    }

    @Test func `IO15: the end is asked for without taking a byte`() throws {
        try withReader("a") { reader in
            try #expect(!reader.isAtEnd())
            try #expect(reader.read() == Array("a".utf8))
            for _ in 0..<2 { try #expect(reader.isAtEnd()) }
        }
    }

    @Test func `IO15: an error of the stream is thrown, and is not the end`() throws {
        try inFiber {
            let (far, near) = MemoryStream.makePair()
            let reader = BufferedReader(near)
            try far.write("kept")
            try #expect(reader.peek(1) == Array("k".utf8))
            near.close()
            try #expect(!reader.isAtEnd())
            #expect(failure { try reader.readToEnd() } is ClosedError)
            try #expect(reader.readExactly(4) == Array("kept".utf8))
            #expect(failure { try reader.isAtEnd() } is ClosedError)
        }
    }

    @Test func `IO16: a stream closed under a reader gives it ClosedError`() throws {
        try inFiber {
            let (far, near) = MemoryStream.makePair()
            let reader = BufferedReader(near)
            let fiber = Fiber.spawn { try reader.readLine() }
            try far.write("half a li")
            try drain()
            near.close()
            #expect(failure(of: fiber) is ClosedError)
            try #expect(reader.read() == Array("half a li".utf8))
        }
    }

    @Test func `IO20: readers that share one take turns, and each gets its bytes as a whole`() throws {
        try withReader(String(repeating: "abcdefghij", count: 100)) { reader in
            let fibers = (0..<100).map { _ in Fiber.spawn { try reader.readExactly(10) } }
            for fiber in fibers { try #expect(fiber.fetch() == Array("abcdefghij".utf8)) }
        }
    }

    @Test func `reading into memory takes what is there first`() throws {
        try withReader("abcdef") { reader in
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 1)
            defer { memory.deallocate() }
            _ = try reader.peek(2)
            try #expect(reader.read(into: memory) == 3)
            #expect(Array(memory[..<3]) == Array("abc".utf8))
        }
    }

    @Test func `8 MiB read exactly in one go are complete`() throws {
        try inFiber {
            let bytes = pattern(8 << 20)
            let reader = BufferedReader(MemoryStream(bytes))
            try #expect(reader.readExactly(3) == Array(bytes[..<3]))
            let isSame = try reader.readExactly(bytes.count - 3) == Array(bytes[3...])
            #expect(isSame)
        }
    }
}
