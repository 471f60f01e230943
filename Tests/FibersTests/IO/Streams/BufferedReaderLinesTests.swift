// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct BufferedReaderLinesTests {
    /// A reader of `text`, in a loop.
    private func withReader(_ text: String, _ body: (BufferedReader) throws -> Void) throws {
        try inFiber { try body(BufferedReader(MemoryStream(Array(text.utf8)))) }
    }

    private func lines(_ text: String, _ body: (BufferedReader) throws -> [String]) throws -> [String] {
        try inFiber { try body(BufferedReader(MemoryStream(Array(text.utf8)))) }
    }

    static let texts: [(text: String, lines: [String])] = [
        ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("a\r\nb\r\n", ["a", "b"]),
        ("\r\n\r\n", ["", ""]), ("a\rb\n", ["a\rb"]), ("a\r", ["a\r"]), ("\n\n\nx", ["", "", "", "x"]),
        ("é\n日本\n", ["é", "日本"]),
    ]

    @Test(arguments: texts)
    func `IO14: every way to read lines gives the same`(text: String, expected: [String]) throws {
        let read = try lines(text) { reader in
            var all: [String] = []
            while let line = try reader.readLine() { all.append(line) }
            #expect(try reader.readLine() == nil)
            return all
        }
        let iterated = try lines(text) { Array($0.lines()) }
        let visited = try lines(text) { reader in
            var all: [String] = []
            try reader.forEachLine { all.append(self.text(of: $0)) }
            return all
        }
        let borrowed = try lines(text) { reader in
            var all: [String] = []
            while let line = try reader.withLine({ self.text(of: $0) }) { all.append(line) }
            return all
        }
        #expect(read == expected && iterated == expected && visited == expected && borrowed == expected)
    }

    private func text(of line: Span<UInt8>) -> String {
        line.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `IO14: reading to a delimiter takes it, and returns it if asked`() throws {
        try withReader("a;bc;d") { reader in
            try #expect(reader.readUntil(UInt8(ascii: ";")) == Array("a".utf8))
            try #expect(reader.readUntil(UInt8(ascii: ";"), keepingDelimiter: true) == Array("bc;".utf8))
            try #expect(reader.readUntil(UInt8(ascii: ";"), keepingDelimiter: true) == Array("d".utf8))
            for _ in 0..<2 { try #expect(reader.readUntil(UInt8(ascii: ";")) == nil) }
        }
    }

    @Test func `IO14: the rest stays for the next read, whatever that is`() throws {
        try withReader("line\nrest") { reader in
            try #expect(reader.readLine() == "line")
            try #expect(reader.readToEnd() == Array("rest".utf8))
        }
    }

    @Test(arguments: [10, 65_536, 200_000])
    func `IO14: a line of exactly the limit is read, a longer one is an error that keeps it`(limit: Int) throws {
        let line = String(repeating: "x", count: limit)
        try withReader("\(line)\n\(line)y\nz") { reader in
            try #expect(reader.readLine(limit: limit) == line)
            for _ in 0..<2 {
                let error = failure { try reader.readLine(limit: limit) } as? LimitExceededError
                #expect(error?.limit == limit)
            }
            try #expect(reader.readLine(limit: limit + 1) == line + "y")
            try #expect(reader.readLine() == "z")
        }
    }

    @Test func `an endless line stops at 64 KiB unless told otherwise, and memory stays bounded`() throws {
        try inFiber {
            let (far, near) = MemoryStream.makePair()
            let writer = Fiber.spawn { while true { try far.write(String(repeating: "x", count: 10_000)) } }
            let reader = BufferedReader(near)
            #expect(failure { try reader.readLine() } is LimitExceededError)
            #expect((65_537...262_144).contains(reader.bytesAvailable))
            writer.cancel()
        }
    }

    @Test func `a line whose body throws is not taken`() throws {
        try withReader("one\ntwo\n") { reader in
            #expect(failure { try reader.withLine { _ in throw Failure("no") } } is Failure)
            var seen = 0
            let error = failure {
                try reader.forEachLine { _ in
                    seen += 1
                    if seen == 2 { throw Failure("no") }
                }
            }
            #expect(error is Failure)
            try #expect(reader.readLine() == "two")
        }
    }

    @Test func `a body may park, and others who read wait for it`() throws {
        try withReader("one\ntwo\n") { reader in
            var order: [String] = []
            let second = Fiber.spawn {
                try Fiber.yield()
                order.append(try reader.readLine() ?? "")
            }
            try reader.withLine { _ in
                try drain()
                order.append("one")
            }
            try second.wait()
            #expect(order == ["one", "two"])
        }
    }

    @Test func `a body that reads from its own reader is told so`() throws {
        try withReader("one\ntwo\n") { reader in
            let error = failure { try reader.withLine { _ in _ = try reader.readLine() } }
            #expect("\(try #require(error))".contains("cannot read from the same reader"))
            #expect(error is ConcurrencyViolationError)
            try #expect(reader.readLine() == "one")
        }
    }

    @Test func `a loop over lines that fails ends, and the next call throws why`() throws {
        try withReader("short\n\(String(repeating: "x", count: 100))\n") { reader in
            #expect(Array(reader.lines(limit: 50)) == ["short"])
            #expect(failure { try reader.isAtEnd() } is LimitExceededError)
            try #expect(reader.readLine()?.count == 100)
            try #expect(reader.isAtEnd())
        }
    }

    @Test func `a loop over lines that is cancelled ends, and the next park throws`() throws {
        try inFiber {
            let (far, near) = MemoryStream.makePair()
            let reader = BufferedReader(near)
            var count = 0
            let fiber = Fiber.spawn {
                for _ in reader.lines() { count += 1 }
                try Fiber.yield()
            }
            try far.write("one\nhalf")
            try drain()
            fiber.cancel()
            #expect(failure(of: fiber) is CancellationError)
            #expect(count == 1)
            try far.write(" and half\n")
            try #expect(reader.readLine() == "half and half")
        }
    }

    @Test func `bytes that are no UTF-8 are replaced in a line, and kept by readUntil`() throws {
        try inFiber {
            let reader = BufferedReader(MemoryStream([0xFF, 0x0A, 0xFF, 0x0A]))
            try #expect(reader.readLine() == "\u{FFFD}")
            try #expect(reader.readUntil(0x0A) == [0xFF])
        }
    }
}
