// SPDX-License-Identifier: MIT
import Testing

@testable import Fibers

@Suite struct OutboxTests {
    @Test func `what was appended leaves as one write, in order`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let outbox = Outbox(near)
            outbox.append("one ")
            outbox.append(Array("two ".utf8))
            [UInt8(3)].withUnsafeBytes { outbox.append($0) }
            outbox.append { $0 += "four".utf8 }
            #expect(outbox.bytesWaiting == 13)
            #expect(near.written.isEmpty)
            try outbox.flush()
            #expect(outbox.bytesWaiting == 0)
            try #expect(far.read() == Array("one two \u{3}four".utf8))
        }
    }

    @Test func `what is posted is sent by others, with all that is appended before they run`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let outbox = Outbox(near)
            for text in ["a", "b", "c"] {
                outbox.append(text)
                outbox.post()
            }
            outbox.append("d")
            #expect(near.written.isEmpty)
            try #expect(far.read() == Array("abcd".utf8))
            try drain()
            outbox.append("e")
            outbox.post()
            try #expect(far.read() == Array("e".utf8))
        }
    }

    @Test func `nobody waits for a slow reader but who flushes, and the order is that of appending`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair(capacity: 2)
            let outbox = Outbox(near)
            outbox.append("abcd")
            outbox.post()
            try drain()
            outbox.append("ef")
            outbox.post()
            let flushing = Fiber.spawn { try outbox.flush() }
            try drain()
            #expect(!flushing.isDone)
            try #expect(BufferedReader(far).readExactly(6) == Array("abcdef".utf8))
            try flushing.wait()
        }
    }

    @Test func `when more waits than the limit the stream is closed`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair(capacity: 2)
            let outbox = Outbox(near, limit: 3)
            outbox.append("abc")
            outbox.post()
            try drain()
            #expect(!near.isClosed)
            outbox.append("d")
            outbox.post()
            #expect(near.isClosed)
            try #expect(BufferedReader(far).readToEnd() == Array("ab".utf8))
            #expect(failure { try outbox.flush() } is ClosedError)
        }
    }

    @Test func `a cancelled flush loses no byte and sends none twice`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair(capacity: 2)
            let outbox = Outbox(near)
            outbox.append("abcd")
            let flushing = Fiber.spawn { try outbox.flush() }
            try drain()
            flushing.cancel()
            #expect(failure(of: flushing) is CancellationError)
            #expect(outbox.bytesWaiting == 2)
            outbox.append("e")
            outbox.post()
            try #expect(BufferedReader(far).readExactly(5) == Array("abcde".utf8))
        }
    }

    @Test func `an outbox without room is refused`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber { _ = Outbox(MemoryStream(), limit: 0) }
        }
        #expect(trapSaid("room for at least one byte", result))
    }
}
