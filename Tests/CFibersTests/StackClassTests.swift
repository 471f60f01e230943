// SPDX-License-Identifier: MIT
import CFibers
import Testing

@Suite struct StackClassTests {
    @Test func `classes are powers of two from 32 KiB to 1 GiB`() {
        let sizes = (0..<UInt32(FIBERS_STACK_CLASSES)).map(fibers_stack_class_size)
        #expect(sizes == (15...30).map { 1 << $0 })
    }

    @Test func `the default class is 256 KiB`() {
        #expect(fibers_stack_class_size(UInt32(FIBERS_STACK_DEFAULT_CLASS)) == 256 << 10)
    }

    @Test func `a class holds at least the size asked for, and not twice as much`() {
        for exponent in 15...30 {
            for size in [(1 << exponent) - 1, 1 << exponent, (1 << exponent) + 1] where size <= 1 << 30 {
                let given = fibers_stack_class_size(fibers_stack_class(size))
                #expect(given >= size)
                #expect(given < 2 * size || given == 1 << 15)
            }
        }
    }

    @Test(arguments: [0, 1, 1 << 15]) func `nothing is smaller than the smallest class`(size: Int) {
        #expect(fibers_stack_class(size) == 0)
    }

    @Test(arguments: [1 << 30, (1 << 30) + 1, Int.max]) func `more than the largest gives the largest`(size: Int) {
        #expect(fibers_stack_class(size) == UInt32(FIBERS_STACK_CLASSES) - 1)
    }

    @Test func `a stack of every class can be made and run on`() throws {
        for sizeClass in 0..<UInt32(FIBERS_STACK_CLASSES) {
            let pool = StackPool()
            let stack = try #require(pool.acquire(sizeClass: sizeClass))
            #expect(stack.pointee.size == fibers_stack_class_size(sizeClass))
            var hasRun = false
            pool.run({ _ in hasRun = true }, on: stack)
            #expect(hasRun)
        }
    }
}
