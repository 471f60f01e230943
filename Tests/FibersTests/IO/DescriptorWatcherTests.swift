// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

@testable import Fibers

@Suite struct DescriptorWatcherTests {
    private func withPipe<Result>(_ body: (_ read: FileDescriptor, _ write: FileDescriptor) throws -> Result) throws {
        try inFiber {
            let ends = try FileDescriptor.pipe()
            _ = try body(ends.readEnd, ends.writeEnd)
            for end in [ends.readEnd, ends.writeEnd] { try? end.close() }
        }
    }

    @Test func `W9: the reading end of a pipe is ready after a byte was written`() throws {
        try withPipe { read, write in
            let waiter = Fiber.spawn { try read.wait(for: .read) }
            try drain()
            #expect(waiter.state == .waiting)
            try write.writeAll([1])
            try #expect(waiter.fetch() == .read)
        }
    }

    @Test func `W9: it is told what the descriptor is ready for, of what was asked`() throws {
        try inFiber {
            let pair = try UnixSocket.makePair()
            let socket = FileDescriptor(rawValue: pair.0)
            try #expect(socket.wait(for: [.read, .write]) == .write)
            try FileDescriptor(rawValue: pair.1).writeAll([1])
            try #expect(socket.wait(for: [.read, .write]) == [.read, .write])
            try #expect(socket.wait(for: .read) == .read)
            Socket.close(pair.0)
            Socket.close(pair.1)
        }
    }

    @Test func `W9 FW1: no condition, or a negative descriptor, is an error that names it`() throws {
        try withPipe { read, _ in
            let empty = #expect(throws: ArgumentError.self) { try read.wait(for: []) }
            #expect(empty?.message == "nothing to wait for in []: give .read, .write or both")
            let negative = #expect(throws: ArgumentError.self) {
                try DescriptorWatcher(FileDescriptor(rawValue: -1), for: .read)
            }
            #expect(negative?.message == "-1 is no descriptor: give one that is open")
        }
    }

    @Test func `W9: a descriptor that is not open is an error of the system`() throws {
        try inFiber {
            let error = #expect(throws: IOError.self) { try FileDescriptor(rawValue: 1 << 20).wait(for: .read) }
            #expect(error?.code == .badFileDescriptor)
            #expect(error?.subject == "descriptor 1048576")
        }
    }

    @Test func `W9: a hang-up wakes who waits for input, an error who waits for room`() throws {
        try withPipe { read, write in
            let reader = Fiber.spawn { try read.wait(for: .read) }
            try drain()
            try write.close()
            try #expect(reader.fetch() == .read)
        }
        try withPipe { read, write in
            try fill(write)
            let writer = Fiber.spawn { try write.wait(for: .write) }
            try drain()
            #expect(writer.state == .waiting)
            try read.close()
            try #expect(writer.fetch() == .write)
        }
    }

    private func fill(_ pipe: FileDescriptor) throws {
        _ = try pipe.wait(for: .write)  // makes it non-blocking
        let bytes = [UInt8](repeating: 0, count: 4096)
        while (try? bytes.withUnsafeBytes { try pipe.write($0) }) != nil {}
    }

    @Test func `FW2: a wait with a limit ends with it, and leaves the others waiting`() throws {
        try withPipe { read, write in
            let other = Fiber.spawn { try read.wait(for: .read) }
            #expect(throws: TimeoutError.self) {
                try withTimeout(.milliseconds(1)) { try read.wait(for: .read) }
            }
            try write.writeAll([1])
            try #expect(other.fetch() == .read)
        }
    }

    @Test func `FW2: of 20 pipes with two fibers each, both see what happens`() throws {
        try inFiber {
            let pipes = try (0..<20).map { _ in try FileDescriptor.pipe() }
            let waiters = pipes.flatMap { pipe in
                (0..<2).map { _ in Fiber.spawn { try pipe.readEnd.wait(for: .read) } }
            }
            try drain()
            for pipe in pipes { try pipe.writeEnd.writeAll([1]) }
            for waiter in waiters { try #expect(waiter.fetch() == .read) }
            for pipe in pipes {
                try pipe.readEnd.close()
                try pipe.writeEnd.close()
            }
        }
    }

    @Test func `FW1: it waits again and again as long as there is something`() throws {
        try withPipe { read, write in
            let watcher = try DescriptorWatcher(read, for: .read)
            try write.writeAll([1])
            for _ in 0..<3 { try #expect(watcher.wait() == .read) }
            var byte: UInt8 = 0
            _ = try withUnsafeMutableBytes(of: &byte) { try read.read(into: $0) }
            let waiter = Fiber.spawn { try watcher.wait() }
            try Fiber.sleep(for: .milliseconds(1))
            #expect(waiter.state == .waiting)
            try write.writeAll([2])
            try #expect(waiter.fetch() == .read)
        }
    }

    @Test func `FW1: several watchers of one descriptor are each woken for what they watch for`() throws {
        try inFiber {
            let pair = try UnixSocket.makePair()
            let socket = FileDescriptor(rawValue: pair.0)
            let watchers = try [Readiness.read, .write, [.read, .write]].map {
                try DescriptorWatcher(socket, for: $0)
            }
            let reader = Fiber.spawn { try watchers[0].wait() }
            try #expect(watchers[1].wait() == .write)
            try #expect(watchers[2].wait() == .write)
            #expect(reader.state == .waiting)
            try FileDescriptor(rawValue: pair.1).writeAll([1])
            try #expect(reader.fetch() == .read)
            watchers.forEach { $0.close() }
            Socket.close(pair.0)
            Socket.close(pair.1)
        }
    }

    @Test func `FW1: closing gives ClosedError to who waits and who will, but not to other watchers`() throws {
        try withPipe { read, write in
            let watchers = try (0..<2).map { _ in try DescriptorWatcher(read, for: .read) }
            let waiters = watchers.map { watcher in Fiber.spawn { try watcher.wait() } }
            try drain()
            watchers[0].close()
            watchers[0].close()
            #expect(failure(of: waiters[0]) is ClosedError)
            #expect(throws: ClosedError.self) { try watchers[0].wait() }
            #expect(watchers[0].isClosed && !watchers[1].isClosed)
            try write.writeAll([1])
            try #expect(waiters[1].fetch() == .read)
        }
    }

    @Test func `what the kernel cannot watch is always ready`() throws {
        try inFiber {
            let folder = try FileDescriptor.open("/", .readOnly, options: .closeOnExec)
            try #expect(folder.wait(for: [.read, .write]) == [.read, .write])
            try folder.close()
        }
    }

    @Test func `a descriptor that a stream reads from can be waited for as well`() throws {
        try inFiber {
            let (reading, writing) = try DescriptorStream.makePipe()
            let descriptor = FileDescriptor(rawValue: reading.poll.descriptor)
            let reader = Fiber.spawn { try reading.read() }
            let waiter = Fiber.spawn { try descriptor.wait(for: .read) }
            try drain()
            try writing.write([1])
            try #expect(reader.fetch() == [1])
            try #expect(waiter.fetch() == .read)
            let last = Fiber.spawn { try descriptor.wait(for: .read) }
            try drain()
            reading.close()
            #expect((failure(of: last) as? ClosedError)?.subject == "reading end of a pipe")
        }
    }

    @Test func `a stream that takes a descriptor over closes its watchers`() throws {
        try withPipe { read, write in
            let watcher = try DescriptorWatcher(read, for: .read)
            let waiter = Fiber.spawn { try watcher.wait() }
            try drain()
            let stream = try DescriptorStream(adopting: read)
            #expect(failure(of: waiter) is ClosedError)
            #expect(watcher.isClosed)
            try write.writeAll([1])
            try #expect(stream.read() == [1])
        }
    }

    @Test func `a second stream on one descriptor is refused, and the first goes on`() throws {
        try withPipe { read, write in
            let stream = try DescriptorStream(adopting: read)
            let error = #expect(throws: IOError.self) { try DescriptorStream(adopting: read) }
            #expect(error?.code == .fileExists)
            try write.writeAll([1])
            try #expect(stream.read() == [1])
        }
    }

    @Test func `a number that another descriptor gets later can be waited for again`() throws {
        for _ in 0..<20 {
            try withPipe { read, write in
                try write.writeAll([1])
                try #expect(read.wait(for: .read) == .read)
                try #expect(write.wait(for: .write) == .write)
            }
        }
        try inFiber {
            for _ in 0..<20 {
                let ends = try FileDescriptor.pipe()
                try ends.writeEnd.writeAll([1])
                try #expect(ends.readEnd.wait(for: .read) == .read)
                try ends.readEnd.close()
                try ends.writeEnd.close()
            }
        }
    }

    @Test func `a watcher that outlives its loop is closed`() throws {
        let ends = try FileDescriptor.pipe()
        let watcher = try inFiber { try DescriptorWatcher(ends.readEnd, for: .read) }
        #expect(watcher.isClosed)
        try ends.readEnd.close()
        try ends.writeEnd.close()
    }
}
