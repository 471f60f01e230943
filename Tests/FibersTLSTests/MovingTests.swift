// SPDX-License-Identifier: MIT
import Fibers
import FibersTLS
import Testing

@Suite struct MovingTests {
    @Test(arguments: [(Carrier.tcp, 10 << 20), (.memory, 10 << 20), (.narrowMemory, 1 << 20)])
    func `many megabytes go both ways at once`(carrier: Carrier, count: Int) throws {
        try withPair(carrier) { client, server in
            let bytes = pattern(count)
            try withFiberGroup { group in
                for (one, other) in [(client, server), (server, client)] {
                    group.spawn {
                        try one.write(bytes)
                        try one.closeWrite()
                    }
                    group.spawn {
                        let isSame = try other.readAll() == bytes
                        #expect(isSame)
                    }
                }
            }
        }
    }

    @Test(arguments: Carrier.allCases)
    func `reads and writes cut at random lose and repeat nothing`(carrier: Carrier) throws {
        try withPair(carrier) { one, other in
            var random = SplitMix(seed: 11)
            var (sent, received): ([UInt8], [UInt8]) = ([], [])
            for round in 0..<1000 {
                let bytes = [UInt8](repeating: UInt8(round % 251), count: .random(in: 1...40_000, using: &random))
                let writer = Fiber.spawn { try one.write(bytes) }
                let reader = Fiber.spawn { try other.read(upTo: 30_000) }
                try drain(rounds: .random(in: 0...3, using: &random))
                writer.cancel()
                reader.cancel()
                let error = failure(of: writer)
                sent += bytes.prefix(error == nil ? bytes.count : (error as? PartialWriteError)?.bytesWritten ?? 0)
                if let bytes = try? reader.fetch() { received += bytes }
            }
            try one.closeWrite()
            received += try other.readAll()
            let isSame = sent == received
            #expect(isSame)
            #expect(!sent.isEmpty)
        }
    }

    @Test func `what a cut write has encrypted arrives, though nobody writes any more`() throws {
        try withPair(.narrowMemory) { client, server in
            let writer = Fiber.spawn { try client.write(pattern(100_000)) }
            try drain()
            writer.cancel()
            let error = try #require(failure(of: writer) as? PartialWriteError)
            #expect(error.bytesWritten == 16_384)
            var received: [UInt8] = []
            while received.count < error.bytesWritten { received += try server.read() }
            #expect(received == pattern(16_384))
            try client.write("and on")
            #expect(try server.readText() == "and on")
        }
    }

    @Test func `a write whose turn never came has written nothing`() throws {
        try withPair(.narrowMemory) { client, server in
            let first = Fiber.spawn { try client.write(pattern(100_000)) }
            try drain()
            let error = failure { try withTimeout(.milliseconds(1)) { try client.write("second") } }
            #expect(error is TimeoutError)
            let reading = Fiber.spawn { try server.readAll() }
            try first.wait()
            try client.closeWrite()
            let isFirst = try reading.fetch() == pattern(100_000)
            #expect(isFirst)
        }
    }

    @Test func `whole writes never interleave`() throws {
        try withPair(.narrowMemory) { client, server in
            let size = 40_000
            for letter in UInt8(0)..<5 {
                Fiber.spawn { try client.write([UInt8](repeating: letter, count: size)) }
            }
            try drain()
            let reader = BufferedReader(server)
            for letter in UInt8(0)..<5 {
                let isWhole = try reader.readExactly(size).allSatisfy { $0 == letter }
                #expect(isWhole)
            }
        }
    }

    @Test func `lines are read and written as over any stream`() throws {
        try withPair { client, server in
            let writer = BufferedWriter(client)
            for line in 0..<1000 { try writer.write("line \(line)\n") }
            Fiber.spawn {
                try writer.flush()
                try client.closeWrite()
            }
            var count = 0
            try BufferedReader(server).forEachLine { _ in count += 1 }
            #expect(count == 1000)
        }
    }

    @Test func `parts that are small share a record, and a write of the transport`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let counting = ObservedStream(near)
            var writes = 0
            counting.willWrite = { writes += 1 }
            let accepting = Fiber.spawn { try TLSStream.accept(over: far, context: .server()) }
            let client = try TLSStream.connect(over: counting, host: "example.org", context: .client())
            let server = try accepting.fetch()
            writes = 0
            try client.write(gathering: [Array("a head, ".utf8), [], Array("a body".utf8)])
            #expect(writes == 1)
            #expect(try server.readText() == "a head, a body")
            try client.write(gathering: (0..<10).map { [UInt8](repeating: $0, count: 5000) })
            #expect(writes == 1 + 4)
            let bytes = try BufferedReader(server).readExactly(50_000)
            #expect(bytes == (0..<10).flatMap { [UInt8](repeating: $0, count: 5000) })
            try client.write([])
            #expect(writes == 5)
        }
    }

    @Test func `a small buffer takes a record in pieces`() throws {
        try withPair { client, server in
            try client.write("hello")
            let letters = try (0..<5).map { _ in try server.read(upTo: 1) }
            #expect(letters.joined().elementsEqual("hello".utf8))
        }
    }

    @Test func `TLS goes over TLS`() throws {
        try withPair { client, server in
            let accepting = Fiber.spawn { try TLSStream.accept(over: server, context: .server()) }
            let inner = try TLSStream.connect(over: client, host: "example.org", context: .client())
            try expectEcho(inner, accepting.fetch())
        }
    }
}
