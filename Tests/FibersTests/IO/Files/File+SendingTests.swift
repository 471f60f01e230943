// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct FileSendingTests {
    static let bytes = pattern(12 << 20)

    /// A file with `bytes`, whose position is at its end.
    static func makeFile() throws -> File {
        let file = try File.makeTemporary()
        try File.remove(file.path)
        try file.write(bytes)
        return file
    }

    @Test(arguments: StreamKind.allCases)
    func `a stream gets all of a file, and the position stays`(kind: StreamKind) throws {
        try kind.withPair { one, other in
            let file = try Self.makeFile()
            let reader = spawnReadingAll(other)
            try #expect(file.send(to: one) == Self.bytes.count)
            try one.closeWrite()
            let isSame = try reader.fetch() == Self.bytes
            #expect(isSame)
            try #expect(file.seek(offset: 0, from: .current) == Int64(Self.bytes.count))
        }
    }

    @Test func `a part is sent, and no more than there is`() throws {
        try withPair { client, server in
            let file = try Self.makeFile()
            try #expect(file.send(to: client, from: 10, count: 5) == 5)
            try #expect(server.read() == Array(Self.bytes[10..<15]))
            let end = Int64(Self.bytes.count)
            try #expect(file.send(to: client, from: end - 3, count: 100) == 3)
            try #expect(file.send(to: client, from: end) == 0)
            try #expect(file.send(to: client, from: 0, count: 0) == 0)
            try #expect(server.read() == Array(Self.bytes.suffix(3)))
            let error = #expect(throws: ArgumentError.self) { try file.send(to: client, count: -1) }
            #expect(error?.message == "count -1 is negative: at least 0 bytes are sent")
        }
    }

    @Test func `a slow reader parks the sender, and other writes come after`() throws {
        try withNarrowPair { client, server in
            let file = try Self.makeFile()
            let sender = Fiber.spawn { try file.send(to: client) }
            let writer = Fiber.spawn { try client.write("after") }
            while sender.state != .waiting { try Fiber.yield() }
            try Fiber.sleep(for: .milliseconds(5))
            #expect(!sender.isDone && writer.state == .waiting)
            let reader = spawnReadingAll(server)
            try writer.wait()
            try client.closeWrite()
            let isSame = try reader.fetch() == Self.bytes + Array("after".utf8)
            #expect(isSame && sender.isDone)
        }
    }

    @Test func `a file is copied to another, behind its position or at its end`() throws {
        try inFolder { folder in
            let file = try Self.makeFile()
            let target = try File.open(folder.appending("target"), .readWrite, options: .create)
            try target.write("before ")
            try #expect(file.send(to: target) == Self.bytes.count)
            let appended = try File.open(target.path, .writeOnly, options: .append)
            try #expect(file.send(to: appended, count: 100_000) == 100_000)
            let isSame =
                try File.read(target.path) == Array("before ".utf8) + Self.bytes + Array(Self.bytes[..<100_000])
            #expect(isSame)
        }
    }

    @Test func `a pipe gets all of a file`() throws {
        try inFiber {
            let file = try Self.makeFile()
            let (reading, writing) = try DescriptorStream.makePipe()
            let reader = spawnReadingAll(reading)
            try file.send(to: writing)
            writing.close()
            let isSame = try reader.fetch() == Self.bytes
            #expect(isSame)
        }
    }

    @Test func `a buffered writer gets all of a file behind what it holds`() throws {
        try inFiber {
            let (file, stream) = (try Self.makeFile(), MemoryStream())
            let writer = BufferedWriter(stream)
            try writer.write("before ")
            try #expect(file.send(to: writer, count: 600_000) == 600_000)
            try writer.flush()
            let isSame = stream.written == Array("before ".utf8) + Array(Self.bytes[..<600_000])
            #expect(isSame)
        }
    }

    @Test func `what has no offsets cannot be sent`() throws {
        try withPair { client, _ in
            try withTemporaryFolder { folder in
                makeFifo(at: folder.appending("fifo"))
                let fifo = try File.open(folder.appending("fifo"))
                let error = #expect(throws: IOError.self) { try fifo.send(to: client) }
                #expect(error?.operation == "send" && error?.code == .illegalSeek)
            }
        }
    }

    #if os(Linux)
        @Test func `a file whose size the system does not know is sent to its end`() throws {
            try withPair { client, server in
                let file = try File.open("/proc/version")
                let count = try file.send(to: client)
                try client.closeWrite()
                try #expect(count > 0 && server.readAll() == File.read("/proc/version"))
                let copy = try File.makeTemporary()
                defer { try? File.remove(copy.path) }
                try #expect(file.send(to: copy) == count)
            }
        }
    #endif
}
