// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct MemoryStreamTests {
    @Test func `a stream of given bytes gives them, and then the end every time`() throws {
        try inFiber {
            let stream = MemoryStream([1, 2, 3])
            try #expect(stream.read(upTo: 2) == [1, 2])
            try #expect(stream.read() == [3])
            for _ in 0..<3 { try #expect(stream.read() == []) }
        }
    }

    @Test func `a stream of given bytes keeps what is written to it`() throws {
        try inFiber {
            let stream = MemoryStream()
            for number in UInt8(0)..<100 { try stream.write([number]) }
            #expect(stream.written == Array(0..<100))
        }
    }

    @Test func `a reader that nobody can ever write to is a deadlock`() throws {
        let error = failure {
            try inFiber {
                let (one, other) = MemoryStream.makePair()
                defer { withExtendedLifetime(other) {} }
                _ = try one.read()
            }
        }
        #expect("\(try #require(error as? DeadlockError))".contains("for input from memory stream"))
    }

    @Test func `a stream that is dropped ends the input of the other side`() throws {
        try inFiber {
            func lastWords() throws -> MemoryStream {
                let (one, other) = MemoryStream.makePair()
                try one.write("bye")
                return other
            }
            let other = try lastWords()
            try #expect(other.readText() == "bye")
            try #expect(other.read() == [])
        }
    }

    @Test func `a small pair moves 4 MiB`() throws {
        try inFiber {
            let (one, other) = MemoryStream.makePair(capacity: 1000)
            let bytes = pattern(4 << 20)
            Fiber.spawn {
                try one.write(bytes)
                try one.closeWrite()
            }
            let isSame = try other.readAll() == bytes
            #expect(isSame)
        }
    }
}
