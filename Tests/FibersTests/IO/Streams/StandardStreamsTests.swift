// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

@testable import Fibers

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Those that replace standard streams are each in a process of its own.
@Suite struct StandardStreamsTests {
    @Test func `input from a pipe is read while others run, and the pipe stays blocking`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let ends = try FileDescriptor.pipe()
                replace(0, with: ends.readEnd.rawValue)
                let input = try StandardStreams.input()
                let reader = Fiber.spawn { try input.readText() }
                try drain()
                #expect(reader.state == .waiting)
                try ends.writeEnd.writeAll("typed".utf8)
                try #expect(reader.fetch() == "typed")
                #expect(isBlocking(0))
                try ends.writeEnd.close()
                try #expect(input.read() == [])
            }
        }
    }

    @Test func `output to a pipe parks while nobody reads, and the pipe stays blocking`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let ends = try FileDescriptor.pipe()
                let output = try with(1, replacedBy: ends.writeEnd.rawValue) {
                    let output = try StandardStreams.output()
                    #expect(isBlocking(1))
                    return output
                }
                let bytes = pattern(1 << 20)
                let writer = Fiber.spawn { try output.write(bytes) }
                try drain()
                #expect(writer.state == .waiting)
                let reading = try DescriptorStream(adopting: ends.readEnd)
                var received: [UInt8] = []
                while received.count < bytes.count { received += try reading.read() }
                #expect(received == bytes)
                try writer.wait()
            }
        }
    }

    @Test func `input from a file is read at the position that all share`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let file = TemporaryFile()
                let bytes = pattern(300_000)
                let descriptor = try file.open(containing: bytes)
                _ = lseek(descriptor, 100_000, SEEK_SET)
                replace(0, with: descriptor)
                let input = try StandardStreams.input()
                let isSame = try input.readAll() == Array(bytes[100_000...])
                #expect(isSame)
                #expect(lseek(0, 0, SEEK_CUR) == 300_000)
            }
        }
    }

    @Test func `output to a file arrives whole and in call order`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let file = TemporaryFile()
                let descriptor = try file.open(containing: [])
                let output = try with(2, replacedBy: descriptor) { try StandardStreams.error() }
                let writers = (UInt8(0)..<5).map { number in
                    Fiber.spawn { try output.write([UInt8](repeating: number, count: 50_000)) }
                }
                for writer in writers { try writer.wait() }
                let expected = (UInt8(0)..<5).flatMap { [UInt8](repeating: $0, count: 50_000) }
                _ = lseek(descriptor, 0, SEEK_SET)
                let isSame = try DescriptorStream(adopting: FileDescriptor(rawValue: descriptor)).readAll() == expected
                #expect(isSame)
            }
        }
    }

    @Test func `input from the null device is at its end`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                replace(0, with: open("/dev/null", O_RDONLY))
                try #expect(StandardStreams.input().read() == [])
            }
        }
    }

    #if os(Linux)
        @Test func `a terminal is read line by line, and stays blocking for others`() async {
            await #expect(processExitsWith: .success) {
                try inFiber {
                    let terminal = try PseudoTerminal()
                    replace(0, with: terminal.slave)
                    let input = try StandardStreams.input()
                    #expect(input.isTerminal && isBlocking(0))
                    let reader = Fiber.spawn { try input.readText() }
                    try drain()
                    #expect(reader.state == .waiting)
                    try terminal.master.writeAll("typed\n".utf8)
                    try #expect(reader.fetch() == "typed\n")
                }
            }
        }
    #endif

    @Test func `a stream that the process was started without is an error`() throws {
        try inFiber {
            let error = #expect(throws: IOError.self) { try StandardStreams.open(CInt.max, "standard input") }
            #expect(error?.code == .badFileDescriptor)
            #expect(error?.subject == "standard input")
        }
    }
}
