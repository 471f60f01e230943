// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct UDPReceivingTests {
    /// A socket, and one that sends to it.
    private func withPair(_ body: (_ sender: UDPSocket, _ receiver: UDPSocket) throws -> Void) throws {
        try inFiber {
            let receiver = try UDPSocket.bind()
            let sender = try UDPSocket.connect(to: "127.0.0.1", port: receiver.address.port)
            defer { withExtendedLifetime((sender, receiver)) {} }
            try body(sender, receiver)
        }
    }

    @Test func `SK5: thirty receivers get thirty datagrams in order`() throws {
        try withPair { sender, receiver in
            let receivers = (0..<30).map { _ in Fiber.spawn { try receiver.receive().bytes } }
            try drain()
            for number in UInt8(0)..<30 { try sender.send([number]) }
            for (number, fiber) in receivers.enumerated() { try #expect(fiber.fetch() == [UInt8(number)]) }
        }
    }

    @Test func `SK5: a newcomer takes no datagram from those who wait`() throws {
        try withPair { sender, receiver in
            let waiting = (0..<2).map { _ in Fiber.spawn { try receiver.receive().bytes } }
            try drain()
            for number in UInt8(0)..<3 { try sender.send([number]) }
            try #expect(receiver.receive().bytes == [2])
            for (number, fiber) in waiting.enumerated() { try #expect(fiber.fetch() == [UInt8(number)]) }
        }
    }

    @Test func `SK5: datagrams for which nobody waits stay in the kernel`() throws {
        try withPair { sender, receiver in
            for number in UInt8(0)..<10 { try sender.send([number]) }
            try drain()
            for number in UInt8(0)..<10 { try #expect(receiver.receive().bytes == [number]) }
        }
    }

    @Test func `a cancelled receive loses no datagram and stops nobody behind it`() throws {
        try withPair { sender, receiver in
            let fibers = (0..<4).map { _ in Fiber.spawn { try receiver.receive().bytes } }
            try drain()
            fibers[0].cancel()
            fibers[2].cancel()
            #expect(failure(of: fibers[0]) is CancellationError)
            #expect(failure(of: fibers[2]) is CancellationError)
            try sender.send([1])
            try sender.send([3])
            try #expect(fibers[1].fetch() == [1])
            try #expect(fibers[3].fetch() == [3])
        }
    }

    @Test func `SK5: a socket closed under receivers gives each of them ClosedError`() throws {
        try withPair { sender, receiver in
            let fibers = (0..<3).map { _ in Fiber.spawn { try receiver.receive() } }
            try drain()
            receiver.close()
            receiver.close()
            for fiber in fibers { #expect(failure(of: fiber) is ClosedError) }
            let error = #expect(throws: ClosedError.self) { try receiver.receive() }
            #expect(error?.description == "UDP socket on \(receiver.address) is closed")
            #expect(throws: ClosedError.self) { try receiver.send("x", to: sender.address) }
        }
    }

    @Test func `a receive into memory fills it from its start and leaves the rest alone`() throws {
        try withPair { sender, receiver in
            try sender.send([1, 2, 3])
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 5, alignment: 1)
            defer { memory.deallocate() }
            memory.copyBytes(from: [9, 9, 9, 9, 9])
            let (count, address, isTruncated) = try receiver.receive(into: memory)
            #expect(count == 3 && address == sender.address && !isTruncated)
            #expect(Array(memory) == [1, 2, 3, 9, 9])
        }
    }

    @Test func `a datagram longer than the memory is truncated, which is told, and the next one is whole`() throws {
        try withPair { sender, receiver in
            try sender.send([1, 2, 3])
            try sender.send([4, 5])
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 2, alignment: 1)
            defer { memory.deallocate() }
            let first = try receiver.receive(into: memory)
            #expect(first.count == 2 && first.isTruncated)
            #expect(Array(memory) == [1, 2])
            let second = try receiver.receive(into: memory)
            #expect(second.count == 2 && !second.isTruncated)
            #expect(Array(memory) == [4, 5])
        }
    }

    @Test func `a batch takes what is there, in order, as far as it has room`() throws {
        try withPair { sender, receiver in
            for number in UInt8(0)..<5 { try sender.send([number]) }
            let batch = DatagramBatch(capacity: 3)
            try #expect(receiver.receive(into: batch) == 3)
            #expect(batch.map { Array($0.bytes) } == [[0], [1], [2]])
            #expect(batch.allSatisfy { $0.sender == sender.address && !$0.isTruncated })
            try #expect(receiver.receive(into: batch) == 2)
            #expect(batch.map { Array($0.bytes) } == [[3], [4]])
        }
    }

    @Test func `a batch parks until the first datagram comes`() throws {
        try withPair { sender, receiver in
            let batch = DatagramBatch()
            let fiber = Fiber.spawn { try receiver.receive(into: batch) }
            try drain()
            #expect(fiber.state == .waiting)
            try sender.send("late")
            try #expect(fiber.fetch() == 1)
        }
    }

    @Test func `a batch tells which of its datagrams are truncated`() throws {
        try withPair { sender, receiver in
            for size in [3, 5, 4] { try sender.send([UInt8](repeating: 7, count: size)) }
            let batch = DatagramBatch(capacity: 64, datagramSize: 4)
            try receiver.receive(into: batch)
            #expect(batch.map(\.isTruncated) == [false, true, false])
            #expect(batch.map(\.bytes.count) == [3, 4, 4])
        }
    }

    @Test func `an impossible batch traps, and so does a datagram that has not come`() async {
        let size = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = DatagramBatch(capacity: 65)
        }
        #expect(trapSaid("a batch holds 1 to 64 datagrams, not 65", size))
        let index = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = DatagramBatch()[0]
        }
        #expect(trapSaid("a batch of 0 datagrams has none at 0", index))
    }
}
