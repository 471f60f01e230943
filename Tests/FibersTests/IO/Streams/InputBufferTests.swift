// SPDX-License-Identifier: MIT
import Testing

@testable import Fibers

@Suite struct InputBufferTests {
    private final class Holder {
        var buffer: InputBuffer

        init(capacity: Int) { buffer = InputBuffer(capacity: capacity) }

        deinit { buffer.deallocate() }

        /// As a stream that has `count` bytes; returns how many fit.
        @discardableResult
        func fill(_ count: Int, with byte: UInt8 = 0) -> Int {
            let room = buffer.room()
            let filled = min(count, room.count)
            for index in 0..<filled { room[index] = byte }
            buffer.didFill(filled)
            return filled
        }
    }

    @Test func `it doubles when a read fills it, up to its capacity`() {
        let holder = Holder(capacity: 20_000)
        var sizes: [Int] = []
        for _ in 0..<5 {
            sizes.append(holder.fill(.max))
            holder.buffer.dropFirst(holder.buffer.count)
        }
        #expect(sizes == [4096, 8192, 16_384, 20_000, 20_000])
    }

    @Test func `little in use is moved down, much makes it grow beyond its capacity`() {
        let holder = Holder(capacity: 1000)
        holder.fill(.max)
        holder.buffer.dropFirst(900)
        #expect(holder.fill(.max) == 900)
        holder.buffer.dropFirst(100)
        #expect(holder.fill(.max) == 1100)
        #expect(holder.buffer.count == 2000)
    }

    @Test func `after a burst, a small read gives the memory back`() {
        let holder = Holder(capacity: 262_144)
        for _ in 0..<8 {
            holder.fill(.max)
            holder.buffer.dropFirst(holder.buffer.count)
        }
        #expect(holder.fill(100) == 100)
        holder.buffer.dropFirst(100)
        #expect(holder.buffer.room().count == 4096)
    }

    @Test func `bytes that are put back come first`() {
        let holder = Holder(capacity: 8)
        holder.fill(8, with: 2)
        holder.buffer.dropFirst(3)
        [UInt8](repeating: 1, count: 20).withUnsafeBytes { holder.buffer.putBack($0) }
        [UInt8](repeating: 0, count: 2).withUnsafeBytes { holder.buffer.putBack($0) }
        #expect(holder.buffer.take(27) == [0, 0] + [UInt8](repeating: 1, count: 20) + [UInt8](repeating: 2, count: 5))
        #expect(holder.buffer.isEmpty)
    }
}
