// SPDX-License-Identifier: MIT
import Testing

@testable import Fibers

@Suite struct BufferedReaderInPlaceTests {
    /// Uses whole pairs of bytes.
    private func pairs(_ reader: BufferedReader, into all: inout [UInt8]) throws -> Int {
        var taken: [UInt8] = []
        let used = try reader.withBytes { bytes in
            let count = bytes.count / 2 * 2
            for index in 0..<count { taken.append(bytes[index]) }
            return count
        }
        all += taken
        return used
    }

    @Test(arguments: [1, 2, 3, 4096]) func `every byte comes once, whatever the reads gave`(capacity: Int) throws {
        try inFiber {
            let bytes = pattern(10_000)
            let reader = BufferedReader(MemoryStream(bytes), capacity: capacity)
            var all: [UInt8] = []
            while try pairs(reader, into: &all) > 0 {}
            #expect(all == bytes)
            try #expect(reader.isAtEnd())
        }
    }

    @Test func `the body is called again with more until it uses a byte`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let reader = BufferedReader(near)
            var counts: [Int] = []
            let reading = Fiber.spawn {
                try reader.withBytes { bytes in
                    counts.append(bytes.count)
                    return bytes.count < 3 ? 0 : 3
                }
            }
            for byte in "abcd".utf8 {
                try far.write([byte])
                try drain()
            }
            try #expect(reading.fetch() == 3)
            #expect(counts == [1, 2, 3])
            try #expect(reader.read() == Array("d".utf8))
        }
    }

    @Test func `at the end of input what is left stays`() throws {
        try inFiber {
            let reader = BufferedReader(MemoryStream(Array("rest".utf8)))
            try #expect(reader.withBytes { _ in 0 } == 0)
            try #expect(reader.readLine() == "rest")
            try #expect(reader.withBytes { _ in 1 } == 0)
        }
    }

    @Test func `a body that throws, or a cancellation, takes nothing`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let reader = BufferedReader(near)
            try far.write("ab")
            let error = Failure("no")
            #expect(failure { try reader.withBytes { _ in throw error } } as? Failure === error)
            let waiting = Fiber.spawn { try reader.withBytes { _ in 0 } }
            try drain()
            waiting.cancel()
            #expect(failure(of: waiting) is CancellationError)
            try #expect(reader.withBytes { $0.count } == 2)
        }
    }

    @Test func `a peer may be idle, but a message that it has begun has to come in time`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let reader = BufferedReader(near)
            let reading = Fiber.spawn { try reader.withBytes(patience: .milliseconds(1)) { $0.count < 2 ? 0 : 2 } }
            try Fiber.sleep(for: .milliseconds(5))
            #expect(!reading.isDone)
            try far.write("a")
            #expect(failure(of: reading) is TimeoutError)
            try #expect(reader.read() == Array("a".utf8))
        }
    }

    @Test func `a body that reads from the same reader gets an error instead of a deadlock`() throws {
        try inFiber {
            let reader = BufferedReader(MemoryStream([1, 2]))
            let error = failure { try reader.withBytes { _ in try reader.read().count } }
            #expect(error is ConcurrencyViolationError)
        }
    }

    @Test func `bytes that were not there cannot have been used`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber { _ = try BufferedReader(MemoryStream([1])).withBytes { _ in 2 } }
        }
        #expect(trapSaid("2 of 1 bytes cannot have been used", result))
    }
}
