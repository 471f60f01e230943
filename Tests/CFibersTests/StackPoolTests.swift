// SPDX-License-Identifier: MIT
import CFibers
import Testing

/// Idle stacks of a class that keep their pages: HIGH_WATER in stack.c.
private let highWater = 256

@Suite struct StackPoolTests {
    @Test func `the stack released last is acquired first`() throws {
        let pool = StackPool()
        let stacks = try pool.acquire(count: 3)
        for stack in stacks { pool.release(stack) }
        try #expect(pool.acquire(count: 3) == stacks.reversed())
    }

    @Test func `a stack in use is not handed out again`() throws {
        let pool = StackPool()
        let stacks = try pool.acquire(count: 100)
        #expect(Set(stacks).count == 100)
        #expect(Set(stacks.map(\.pointee.base)).count == 100)
        #expect(pool.counts.made == 100)
        #expect(pool.counts.idle == 0)
    }

    @Test func `recycled stacks are not made anew`() throws {
        let pool = StackPool()
        for _ in 0..<10 {
            for stack in try pool.acquire(count: 20) { pool.release(stack) }
        }
        #expect(pool.counts.made == 20)
        #expect(pool.counts.idle == 20)
    }

    @Test func `stacks of one class do not overlap`() throws {
        let pool = StackPool()
        let bases = try pool.acquire(count: 100).map { Int(bitPattern: $0.pointee.base) }.sorted()
        for (lower, upper) in zip(bases, bases.dropFirst()) {
            #expect(upper - lower >= fibers_stack_class_size(0))
        }
    }

    @Test func `the tops of 32 stacks fall into 32 different cache sets`() throws {
        let pool = StackPool()
        let tops = try pool.acquire(count: 32).map { Int(bitPattern: $0.pointee.top) }
        #expect(Set(tops.map { $0 % 4096 / 64 }).count == 32)
        #expect(tops.allSatisfy { $0 % 64 == 0 })
    }

    @Test func `a colour costs at most half a page`() throws {
        let pool = StackPool()
        for stack in try pool.acquire(count: 100) {
            let colour = stack.pointee.base + stack.pointee.size - stack.pointee.top
            #expect((0..<2048).contains(colour))
        }
    }

    @Test func `each size class has stacks of its own`() throws {
        let pool = StackPool()
        let small = try #require(pool.acquire(sizeClass: 0))
        let large = try #require(pool.acquire(sizeClass: 5))
        pool.release(small)
        let other = try #require(pool.acquire(sizeClass: 5))
        #expect(other != small)
        #expect(large.pointee.size == 1 << 20)
        #expect(other.pointee.size_class == 5)
    }

    @Test func `trimming keeps the pages of 256 idle stacks`() throws {
        let pool = StackPool()
        for stack in try pool.acquire(count: 300) { pool.release(stack) }
        pool.trim(batch: 1000)
        #expect(pool.counts.trimmed == 300 - highWater)
        #expect(pool.counts.idle == 300)
        #expect(pool.counts.made == 300)
        pool.trim(batch: 1000)
        #expect(pool.counts.trimmed == 300 - highWater)
    }

    @Test(arguments: [0, 1, highWater - 1, highWater]) func `up to 256 idle stacks are not trimmed`(count: Int) throws {
        let pool = StackPool()
        for stack in try pool.acquire(count: count) { pool.release(stack) }
        pool.trim(batch: 1000)
        #expect(pool.counts.trimmed == 0)
    }

    @Test func `trimming goes in batches`() throws {
        let pool = StackPool()
        for stack in try pool.acquire(count: 300) { pool.release(stack) }
        for round in 1...4 {
            pool.trim(batch: 10)
            #expect(pool.counts.trimmed == round * 10)
        }
    }

    @Test func `the stacks idle for longest are trimmed, and used last`() throws {
        let pool = StackPool()
        let stacks = try pool.acquire(count: 300)
        for stack in stacks { pool.release(stack) }
        pool.trim(batch: 1000)
        let again = try pool.acquire(count: 300)
        #expect(Array(again.prefix(highWater)) == stacks.suffix(highWater).reversed())
        #expect(Set(again.suffix(44)) == Set(stacks.prefix(44)))
        #expect(pool.counts.trimmed == 0)
    }

    @Test func `a trimmed stack runs again, from its top`() throws {
        let pool = StackPool()
        var runs = 0
        for _ in 0..<3 {
            let stacks = try pool.acquire(count: 300)
            for stack in stacks { pool.run({ _ in runs += 1 }, on: stack) }
            for stack in stacks { pool.release(stack) }
            pool.trim(batch: 1000)
        }
        #expect(runs == 900)
        #expect(pool.counts.made == 300)
    }

    #if os(Linux)
        @Test func `trimming gives memory back`() throws {
            let pool = StackPool()
            let stacks = try pool.acquire(count: 300)
            let bytes = stacks.map { $0.pointee.base + $0.pointee.size / 2 }
            for byte in bytes { byte.pointee = 1 }
            for stack in stacks { pool.release(stack) }
            pool.trim(batch: 1000)
            #expect(bytes.prefix(44).allSatisfy { $0.pointee == 0 })
            #expect(bytes.suffix(highWater).allSatisfy { $0.pointee == 1 })
        }
    #endif

    @Test func `a thread's own stack holds its variables`() throws {
        let stack = try #require(fibers_stack_of_thread())
        defer { fibers_stack_of_thread_free(stack) }
        var variable: CChar = 0
        withUnsafeMutablePointer(to: &variable) { address in
            // The address sanitizer moves variables off the stack.
            guard !fibers_announces_switches else { return }
            #expect(address >= stack.pointee.base && address < stack.pointee.top)
        }
        #expect(stack.pointee.pool == nil)
    }
}
