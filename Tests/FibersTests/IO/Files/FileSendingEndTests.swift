// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct FileSendingEndTests {
    @Test(arguments: StreamKind.allCases)
    func `a cancelled sender says how many bytes left, and can go on`(kind: StreamKind) throws {
        try kind.withPair { one, other in
            let file = try FileSendingTests.makeFile()
            let sender = Fiber.spawn { try file.send(to: one) }
            var received = try other.read()
            try Fiber.sleep(for: .milliseconds(2))
            sender.cancel()
            let error = failure(of: sender) as? PartialWriteError
            let sent = try #require(error?.bytesWritten)
            #expect(sent < FileSendingTests.bytes.count && error?.cause is CancellationError)
            let reader = spawnReadingAll(other)
            try #expect(file.send(to: one, from: Int64(sent)) == FileSendingTests.bytes.count - sent)
            try one.closeWrite()
            received += try reader.fetch()
            let isSame = received == FileSendingTests.bytes
            #expect(isSame)
        }
    }

    @Test func `a stream that is closed meanwhile ends the sender, one that nobody reads as well`() throws {
        try withNarrowPair { client, server in
            let file = try FileSendingTests.makeFile()
            let sender = Fiber.spawn { try file.send(to: client) }
            _ = try server.read()
            client.close()
            let error = failure(of: sender)
            #expect((error as? PartialWriteError)?.cause is ClosedError)
        }
        try inFiber {
            let file = try FileSendingTests.makeFile()
            let (reading, writing) = try DescriptorStream.makePipe()
            reading.close()
            let error = failure { try file.send(to: writing) }
            let cause = (error as? PartialWriteError)?.cause ?? error  // a process being started may have the other end
            #expect(code(of: cause) == .brokenPipe)
        }
    }

    @Test func `a file that is closed meanwhile is sent to its end`() throws {
        try withNarrowPair { client, server in
            let file = try FileSendingTests.makeFile()
            let sender = Fiber.spawn {
                try file.send(to: client)
                try client.closeWrite()
            }
            var received = try server.read()
            file.close()
            received += try server.readAll()
            try sender.wait()
            let isSame = received == FileSendingTests.bytes
            #expect(isSame)
        }
    }
}
