// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct UnixConnectionTests {
    private func withPair(_ body: (UnixConnection, UnixConnection) throws -> Void) throws {
        try inFiber {
            let (one, other) = try UnixConnection.makePair()
            defer { withExtendedLifetime((one, other)) {} }
            try body(one, other)
        }
    }

    @Test func `the kernel says who is at the other side`() throws {
        try withFolder { folder in
            let listener = try UnixListener.listen(on: folder.socket)
            let client = try UnixConnection.connect(to: folder.socket)
            let server = try listener.accept()
            for peer in [try server.peerCredentials(), try client.peerCredentials()] {
                #expect(peer.processID == Int(getpid()))
                #expect(peer.userID == Int(getuid()) && peer.groupID == Int(getgid()))
            }
            client.close()
            #expect(failure(of: client.peerCredentials) is ClosedError)
        }
    }

    @Test func `a descriptor that is passed is the same open file, and close-on-exec`() throws {
        try withPair { one, other in
            let pipe = try FileDescriptor.pipe()
            try one.write([7], passing: [pipe.writeEnd])
            try pipe.writeEnd.close()
            let message = try other.readWithDescriptors()
            #expect(message.bytes == [7] && !message.hasLostDescriptors)
            let received = try #require(message.descriptors.first)
            #expect(fcntl(received.rawValue, F_GETFD) & FD_CLOEXEC != 0)
            try received.writeAll("through".utf8)
            try received.close()
            try #expect(DescriptorStream(adopting: pipe.readEnd).readAll() == Array("through".utf8))
        }
    }

    @Test func `a reader waits for descriptors, and messages without them have none`() throws {
        try withPair { one, other in
            let reader = Fiber.spawn { try other.readWithDescriptors() }
            try drain()
            try one.write("plain")
            let message = try reader.fetch()
            #expect(message.bytes == Array("plain".utf8) && message.descriptors.isEmpty)
            try one.closeWrite()
            try #expect(other.readWithDescriptors().bytes == [])
        }
    }

    @Test func `253 descriptors travel at once, more are refused, and so are some without a byte`() throws {
        try withPair { one, other in
            try one.write([1], passing: Array(repeating: .standardError, count: 253))
            let message = try other.readWithDescriptors()
            #expect(message.descriptors.count == 253)
            for descriptor in message.descriptors { try descriptor.close() }
            let many = Array(repeating: FileDescriptor.standardError, count: 254)
            #expect(failure { try one.write([1], passing: many) } is ArgumentError)
            #expect(failure { try one.write([], passing: [.standardError]) } is ArgumentError)
            let closed = FileDescriptor(rawValue: 1 << 20)
            #expect(code(of: failure { try one.write([1], passing: [closed]) }) == .badFileDescriptor)
        }
    }

    @Test func `descriptors leave with the first byte of a write that takes long, and once only`() throws {
        try withPair { one, other in
            let bytes = pattern(4 << 20)
            let writer = Fiber.spawn { try one.write(bytes, passing: [.standardError]) }
            var (received, descriptors): ([UInt8], [FileDescriptor]) = ([], [])
            while received.count < bytes.count {
                let message = try other.readWithDescriptors()
                received += message.bytes
                descriptors += message.descriptors
            }
            try writer.wait()
            let isSame = received == bytes
            #expect(isSame && descriptors.count == 1)
            for descriptor in descriptors { try descriptor.close() }
        }
    }

    @Test func `reads cancelled at random lose no descriptor`() throws {
        try withPair { one, other in
            var random = SplitMix(seed: 3)
            var received = 0
            for number in 0..<300 {
                let reader = Fiber.spawn { try other.readWithDescriptors() }
                try drain(rounds: Int.random(in: 0...2, using: &random))
                try one.write([UInt8(number % 251)], passing: [.standardError])
                try drain(rounds: Int.random(in: 0...2, using: &random))
                reader.cancel()
                let message = try (try? reader.fetch()) ?? other.readWithDescriptors()
                for descriptor in message.descriptors { try descriptor.close() }
                #expect(message.bytes == [UInt8(number % 251)])
                received += message.descriptors.count
            }
            #expect(received == 300)
        }
    }

    @Test func `descriptors for which this process has no room are reported, and the bytes come`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let (one, other) = try UnixConnection.makePair()
                try one.write("abc", passing: Array(repeating: .standardError, count: 20))
                limitDescriptors(toMoreThanOpen: 5)
                let message = try other.readWithDescriptors()
                #expect(message.bytes == Array("abc".utf8))
                #expect(message.hasLostDescriptors)
                #expect(message.descriptors.count < 20)
            }
        }
    }
}

extension UnixConnection {
    fileprivate func write(_ text: String, passing descriptors: [FileDescriptor]) throws {
        try write(Array(text.utf8), passing: descriptors)
    }
}
