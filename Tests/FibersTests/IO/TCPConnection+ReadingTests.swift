// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct TCPConnectionReadingTests {
    @Test func `a read returns what is there, up to the count`() throws {
        try withPair { client, server in
            try client.write("abcde")
            try #expect(server.read(upTo: 3) == Array("abc".utf8))
            try #expect(server.read(upTo: 3) == Array("de".utf8))
        }
    }

    @Test func `W17: a read parks until the first byte comes`() throws {
        try withPair { client, server in
            let reader = Fiber.spawn { try server.read() }
            try drain()
            #expect(!reader.isDone)
            try client.write("late")
            try #expect(reader.fetch() == Array("late".utf8))
        }
    }

    @Test func `a read into memory fills it from its start and leaves the rest alone`() throws {
        try withPair { client, server in
            try client.write([1, 2, 3])
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 5, alignment: 1)
            defer { memory.deallocate() }
            memory.copyBytes(from: [9, 9, 9, 9, 9])
            try #expect(server.read(into: memory) == 3)
            #expect(Array(memory) == [1, 2, 3, 9, 9])
        }
    }

    @Test func `at the end every read returns none`() throws {
        try withPair { client, server in
            client.close()
            for _ in 0..<3 { try #expect(server.read() == []) }
        }
    }

    @Test func `the end is seen after a short read, too`() throws {
        try withPair { client, server in
            try client.write("x")
            try #expect(server.read() == Array("x".utf8))
            client.close()
            try #expect(server.read() == [])
        }
    }

    @Test func `8 MiB arrive complete at a reader that takes little at a time`() throws {
        try withPair { client, server in
            let bytes = pattern(8 << 20)
            Fiber.spawn {
                try client.write(bytes)
                client.close()
            }
            var received: [UInt8] = []
            while case let some = try server.read(upTo: 30_000), !some.isEmpty {
                received += some
                try Fiber.yield()
            }
            let isComplete = received == bytes
            #expect(isComplete)
        }
    }

    @Test func `two fibers that read one connection lose no byte`() throws {
        try withPair { client, server in
            let readers = (0..<2).map { _ in
                Fiber.spawn {
                    var all: [UInt8] = []
                    while case let bytes = try server.read(upTo: 7), !bytes.isEmpty { all += bytes }
                    return all
                }
            }
            for byte in UInt8.min...(.max) {
                try client.write([byte])
                try Fiber.yield()
            }
            client.close()
            let received = try readers.flatMap { try $0.fetch() }
            #expect(received.sorted() == Array(UInt8.min...(.max)))
        }
    }

    @Test func `500 reads cancelled at random moments lose no byte`() throws {
        try withPair { client, server in
            var random = SplitMix(seed: 42)
            var cuts = 0
            let bytes = pattern(1 << 20)
            var sent = 0
            Fiber.spawn {
                while cuts < 500, sent < bytes.count {
                    try client.write(Array(bytes[sent..<sent + 4]))
                    sent += 4
                    try Fiber.yield()
                }
                try client.closeWrite()
            }
            var received: [UInt8] = []
            var isAtEnd = false
            while !isAtEnd {
                let room = Int.random(in: 1...16, using: &random)
                let reader = Fiber.spawn { try server.read(upTo: room) }
                for _ in 0..<Int.random(in: 0...3, using: &random) { try Fiber.yield() }
                if !reader.isDone {
                    reader.cancel()
                    cuts += 1
                }
                guard let bytes = try? reader.fetch() else { continue }
                received += bytes
                isAtEnd = bytes.isEmpty
            }
            #expect(cuts >= 500)
            let isComplete = received == Array(bytes.prefix(sent))
            #expect(isComplete)
        }
    }
}
