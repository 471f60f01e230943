// SPDX-License-Identifier: MIT
import CFibers
import Testing

@Suite struct ContextTests {
    @Test func `a stack class holds at least the size asked for`() {
        #expect(fibers_stack_class_size(fibers_stack_class(100_000)) >= 100_000)
    }
}
