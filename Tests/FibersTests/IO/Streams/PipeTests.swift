// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct PipeTests {
    private func withPipe(_ body: (DescriptorStream, DescriptorStream) throws -> Void) throws {
        try inFiber {
            let ends = try DescriptorStream.makePipe()
            defer { withExtendedLifetime(ends) {} }
            try body(ends.reading, ends.writing)
        }
    }

    @Test func `what is written to one end is read from the other`() throws {
        try withPipe { reading, writing in
            let bytes = pattern(1 << 20)
            Fiber.spawn {
                try writing.write(gathering: [bytes, [1, 2, 3]])
                try writing.closeWrite()
            }
            let isSame = try reading.readAll() == bytes + [1, 2, 3]
            #expect(isSame)
            #expect(writing.isClosed)
        }
    }

    @Test func `IO21: one end is for reading, the other for writing`() throws {
        try withPipe { reading, writing in
            #expect(reading.isReadable && !reading.isWritable)
            #expect(writing.isWritable && !writing.isReadable)
            #expect(failure { try reading.write("x") }.map(code) == .badFileDescriptor)
            #expect(failure { try writing.read() }.map(code) == .badFileDescriptor)
        }
    }

    @Test func `IO22: writing when the reading end is closed throws EPIPE and raises no signal`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let (reading, writing) = try DescriptorStream.makePipe()
                reading.close()
                for _ in 0..<2 {
                    let error = failure { try writing.write("x") } as? IOError
                    #expect(error?.code == .brokenPipe)
                    #expect(error?.subject == "writing end of a pipe")
                }
            }
        }
    }

    @Test func `IO22: a writer parked when the reading end is closed gets EPIPE`() throws {
        try withPipe { reading, writing in
            let writer = Fiber.spawn { try writing.write([UInt8](repeating: 1, count: 1 << 20)) }
            try drain()
            reading.close()
            let error = try #require(failure(of: writer) as? PartialWriteError)
            #expect(code(of: error.cause) == .brokenPipe)
        }
    }

    @Test func `an adopted descriptor is read, and closed with its stream`() throws {
        try inFiber {
            let ends = try FileDescriptor.pipe()
            let stream = try DescriptorStream(adopting: ends.readEnd, name: "fifo")
            let reader = Fiber.spawn { try stream.readText() }
            try drain()
            try ends.writeEnd.writeAll("hello".utf8)
            try #expect(reader.fetch() == "hello")
            stream.close()
            #expect(throws: Errno.badFileDescriptor) { try ends.readEnd.close() }
            try ends.writeEnd.close()
            #expect(stream.description == "DescriptorStream(fifo)")
        }
    }

    @Test func `a descriptor that is not open is refused`() throws {
        try inFiber {
            let error = #expect(throws: IOError.self) {
                try DescriptorStream(adopting: FileDescriptor(rawValue: 1 << 20))
            }
            #expect(error?.code == .badFileDescriptor)
        }
    }
}
