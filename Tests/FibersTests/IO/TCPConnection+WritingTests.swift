// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct TCPConnectionWritingTests {
    @Test func `whole writes of several fibers happen in call order and never interleave`() throws {
        try withNarrowPair { client, server in
            for number in UInt8(0)..<8 {
                Fiber.spawn { try client.write([UInt8](repeating: number, count: 1 << 20)) }
            }
            for number in UInt8(0)..<8 {
                let isWhole = try server.read(exactly: 1 << 20) == [UInt8](repeating: number, count: 1 << 20)
                #expect(isWhole)
            }
        }
    }

    @Test func `a hundred fibers that write at once keep call order`() throws {
        try withPair { client, server in
            for number in UInt8(0)..<100 { Fiber.spawn { try client.write([number]) } }
            try #expect(server.read(exactly: 100) == Array(0..<100))
        }
    }

    @Test func `a writer parks while the peer reads nothing, and goes on when it does`() throws {
        try withNarrowPair { client, server in
            let writer = Fiber.spawn { try client.write(pattern(8 << 20)) }
            try drain(rounds: 500)
            #expect(writer.state == .waiting)
            let isComplete = try server.read(exactly: 8 << 20) == pattern(8 << 20)
            #expect(isComplete)
            try writer.wait()
        }
    }

    @Test func `an empty write sends nothing`() throws {
        try withPair { client, server in
            try client.write([])
            try client.write("x")
            try #expect(server.read() == Array("x".utf8))
        }
    }

    @Test func `a cancelled write says how many bytes the peer can read`() throws {
        try withNarrowPair { client, server in
            let bytes = pattern(8 << 20)
            let writer = Fiber.spawn { try client.write(bytes) }
            try drain(rounds: 500)
            writer.cancel()
            let error = try #require(failure(of: writer) as? PartialWriteError)
            #expect(error.cause is CancellationError)
            client.close()
            let isWhatLeft = try server.readAll() == Array(bytes.prefix(error.bytesWritten))
            #expect(isWhatLeft)
        }
    }

    @Test func `a write cancelled before its first byte left throws the plain error`() throws {
        try withNarrowPair { client, _ in
            let first = Fiber.spawn { try client.write([UInt8](repeating: 1, count: 8 << 20)) }
            try drain(rounds: 500)
            let second = Fiber.spawn { try client.write("second") }
            try drain()
            second.cancel()
            #expect(failure(of: second) is CancellationError)
            first.cancel()
            #expect(failure(of: first) is PartialWriteError)
        }
    }

    @Test func `a writer that leaves the line does not stop those behind it`() throws {
        try withNarrowPair { client, server in
            let size = 8 << 20
            let writers = (UInt8(0)..<3).map { number in
                Fiber.spawn { try client.write([UInt8](repeating: number, count: size)) }
            }
            try drain()
            writers[1].cancel()
            #expect(failure(of: writers[1]) is CancellationError)
            for number in [UInt8(0), 2] {
                let isWhole = try server.read(exactly: size) == [UInt8](repeating: number, count: size)
                #expect(isWhole)
            }
        }
    }

    @Test func `a write after closeWrite throws ClosedError`() throws {
        try withPair { client, _ in
            try client.closeWrite()
            #expect(throws: ClosedError.self) { try client.write("too late") }
        }
    }

    @Test func `closeWrite under a writer ends its write with ClosedError`() throws {
        try withNarrowPair { client, server in
            let writer = Fiber.spawn { try client.write(pattern(8 << 20)) }
            let next = Fiber.spawn { try client.write("next") }
            try drain(rounds: 500)
            try client.closeWrite()
            let error = try #require(failure(of: writer) as? PartialWriteError)
            #expect(error.cause is ClosedError)
            #expect(failure(of: next) is ClosedError)
            try #expect(server.readAll().count == error.bytesWritten)
        }
    }

    @Test func `of 200 writes cancelled at random moments exactly the bytes reported arrive`() throws {
        try withNarrowPair { client, server in
            var random = SplitMix(seed: 7)
            let reader = Fiber.spawn { try server.readAll() }
            var expected: [UInt8] = []
            for number in 0..<200 {
                let bytes = [UInt8](repeating: UInt8(number), count: Int.random(in: 1...400_000, using: &random))
                let writer = Fiber.spawn { try client.write(bytes) }
                try drain(rounds: Int.random(in: 0...3, using: &random))
                writer.cancel()
                let error = failure(of: writer)
                let count = error == nil ? bytes.count : (error as? PartialWriteError)?.bytesWritten ?? 0
                expected += bytes.prefix(count)
            }
            client.close()
            let isWhatLeft = try reader.fetch() == expected
            #expect(isWhatLeft)
        }
    }
}
