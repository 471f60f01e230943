// SPDX-License-Identifier: MIT
import Fibers
import FibersTLS
import SystemPackage
import Testing

@Suite struct ClosingTests {
    @Test(arguments: Carrier.allCases)
    func `closing ends the other side's input, every time`(carrier: Carrier) throws {
        try withPair(carrier) { client, server in
            try server.write("last")
            server.close()
            #expect(server.transport.isClosed)
            server.close()
            #expect(try client.readText() == "last")
            for _ in 0..<2 { #expect(try client.read().isEmpty) }
            #expect(server.isClosed && !server.isReadable && !server.isWritable)
            #expect(failure { try server.read() } is ClosedError)
            #expect(failure { try server.write("more") } is ClosedError)
            #expect(failure { try server.closeWrite() } is ClosedError)
            #expect(failure { try server.finish() } is ClosedError)
        }
    }

    @Test(arguments: Carrier.allCases)
    func `a client that has never read lets the server end first`(carrier: Carrier) throws {
        try withPair(carrier) { client, server in
            try client.write("all there is")
            client.close()
            #expect(client.isClosed && !client.transport.isClosed)
            #expect(try server.readAll() == Array("all there is".utf8))
            server.close()
            let result = try timedWait(timeout: .seconds(60)) { client.transport.isClosed }
            #expect(result == .ok)
        }
    }

    @Test(arguments: Carrier.allCases)
    func `one side may end, and read on`(carrier: Carrier) throws {
        try withPair(carrier) { client, server in
            try client.write("question")
            try client.closeWrite()
            try client.closeWrite()
            #expect(!client.isWritable && client.isReadable)
            #expect(failure { try client.write("more") } is ClosedError)
            #expect(try server.readAll() == Array("question".utf8))
            try server.write("answer")
            #expect(try client.readText() == "answer")
        }
    }

    @Test(arguments: Carrier.allCases)
    func `a transport that ends before the other side has is an error, every time`(carrier: Carrier) throws {
        try withPair(carrier) { client, server in
            try server.write("some of it")
            try server.transport.closeWrite()
            #expect(try client.readText() == "some of it")
            for _ in 0..<2 {
                let error = failure { try client.read() } as? TLSError
                #expect(error?.cause == .truncated)
                #expect(error.map { "\($0)" } == "TLS with example.org: input cut off: it ended without saying so")
            }
            try client.write("still heard")
            #expect(try server.readText() == "still heard")
        }
    }

    @Test func `a record that is cut off is an error`() throws {
        try withPair { client, server in
            try server.transport.write([23, 3, 3, 1, 0, 1, 2, 3])
            try server.transport.closeWrite()
            #expect((failure { try client.read() } as? TLSError)?.cause == .truncated)
        }
    }

    @Test func `a stream that goes away without being closed looks cut off`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let accepting = Fiber.spawn { _ = try TLSStream.accept(over: far, context: .server()) }
            let client = try TLSStream.connect(over: near, host: "example.org", context: .client())
            try accepting.wait()
            far.close()
            #expect((failure { try client.read() } as? TLSError)?.cause == .truncated)
        }
    }

    @Test func `a stream that nobody has any more goes away, whatever it still had to send`() throws {
        try inFiber {
            var far: MemoryStream?
            let client = Fiber.spawn {
                let (near, other) = MemoryStream.makePair(capacity: 1000)
                far = other
                let stream = try TLSStream.connect(over: near, host: "example.org", context: .client())
                let writer = Fiber.spawn { try stream.write(pattern(100_000)) }
                try drain()
                writer.cancel()
                #expect(failure(of: writer) is PartialWriteError)
            }
            try Fiber.yield()
            let server = try TLSStream.accept(over: #require(far), context: .server())
            try client.wait()
            #expect((failure { try server.readAll() } as? TLSError)?.cause == .truncated)
        }
    }

    // MARK: With fibers that read or write

    @Test(arguments: Carrier.allCases)
    func `closing throws out of reads and writes`(carrier: Carrier) throws {
        try withPair(carrier) { client, server in
            let readers = (0..<2).map { _ in Fiber.spawn { _ = try client.read() } }
            let writers = (0..<2).map { _ in Fiber.spawn { try client.write(pattern(16 << 20)) } }
            try drain(rounds: 500)
            client.close()
            for fiber in readers { #expect(failure(of: fiber) is ClosedError) }
            let partial = try #require(failure(of: writers[0]) as? PartialWriteError)
            #expect(partial.cause is ClosedError)
            #expect(failure(of: writers[1]) is ClosedError)
            let isWhatLeft = try server.readAll() == Array(pattern(16 << 20).prefix(partial.bytesWritten))
            #expect(isWhatLeft)
        }
    }

    @Test func `ending throws out of writes only`() throws {
        try withPair(.narrowMemory) { client, server in
            let reader = Fiber.spawn { try client.read() }
            let writers = (0..<2).map { _ in Fiber.spawn { try client.write(pattern(100_000)) } }
            try drain()
            try client.closeWrite()
            let partial = try #require(failure(of: writers[0]) as? PartialWriteError)
            #expect(partial.cause is ClosedError)
            #expect(failure(of: writers[1]) is ClosedError)
            #expect(try server.readAll() == Array(pattern(100_000).prefix(partial.bytesWritten)))
            try server.write("still read")
            #expect(try reader.fetch() == Array("still read".utf8))
        }
    }

    // MARK: The bound

    @Test func `closing waits for a side that reads nothing, but not for ever, and not in the calling fiber`() throws {
        let context = try TLSContext.server { $0.closeLimit = .milliseconds(20) }
        try withPair(.narrowMemory, server: context) { client, server in
            let writer = Fiber.spawn { try server.write(pattern(100_000)) }
            try drain()
            server.close()
            #expect(server.isClosed)
            #expect(!server.transport.isClosed)
            #expect(failure(of: writer) is PartialWriteError)
            let result = try timedWait(timeout: .seconds(60)) { server.transport.isClosed }
            #expect(result == .ok)
            #expect((failure { try client.readAll() } as? TLSError)?.cause == .truncated)
        }
    }

    @Test func `a cancelled fiber can close`() throws {
        try withPair { client, server in
            let closer = Fiber.spawn {
                defer { server.close() }
                try Fiber.sleep(for: .seconds(600))
            }
            try drain()
            closer.cancel()
            #expect(try client.read().isEmpty)
        }
    }

    @Test(arguments: Carrier.allCases)
    func `finishing waits until the other side has ended`(carrier: Carrier) throws {
        try withPair(carrier) { client, server in
            try client.write("all of it")
            let finishing = Fiber.spawn { try client.finish() }
            #expect(try server.readAll() == Array("all of it".utf8))
            try server.write("nobody reads this")
            try drain()
            #expect(!finishing.isDone)
            server.close()
            try finishing.wait()
            #expect(client.isClosed)
        }
    }

    @Test func `finishing waits for the other side, but not for ever`() throws {
        let context = try TLSContext.client { $0.closeLimit = .milliseconds(20) }
        try withPair(client: context) { client, _ in
            #expect(failure { try client.finish() } is TimeoutError)
            #expect(client.isClosed)
        }
    }
}
