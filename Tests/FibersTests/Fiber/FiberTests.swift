// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct FiberTests {
    @Test func `W13: fetch returns what the body returned, as often as asked`() throws {
        try inFiber {
            let fiber = Fiber.spawn { 42 }
            try #expect(fiber.fetch() == 42)
            try #expect(fiber.fetch() == 42)
        }
    }
}
