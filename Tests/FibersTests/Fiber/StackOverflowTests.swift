// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct StackOverflowTests {
    @Test func `an overflow names the fiber, its size and where it was spawned`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber {
                try Fiber.spawn(name: "deep", file: "Module/File.swift", line: 12) { descend(1_000_000) }.wait()
            }
        }
        #expect(
            errorOutput(of: result).contains(
                "stack overflow in fiber \"deep\" (256 KiB), spawned at Module/File.swift:12; "
                    + "a larger stack is given by Fiber(stackSize:)\n"))
    }

    @Test func `an overflow of a fiber without a name tells its number`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber { try Fiber.spawn { descend(1_000_000) }.wait() }
        }
        #expect(errorOutput(of: result).contains("stack overflow in fiber #"))
        #expect(errorOutput(of: result).contains("spawned at \(#fileID):"))
    }

    @Test(arguments: [1: 32, 100_000: 128, 1 << 20: 1024])
    func `an overflow tells the size that the fiber was given, rounded up`(asked: Int, given: Int) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [asked] in
            try inFiber { try Fiber.spawn(name: "deep", stackSize: asked) { descend(1_000_000) }.wait() }
        }
        #expect(errorOutput(of: result).contains("stack overflow in fiber \"deep\" (\(given) KiB)"))
    }

    @Test func `an overflow after many parks and on a recycled stack names the fiber that caused it`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber {
                for _ in 0..<10 { try Fiber.spawn(name: "earlier") { try Fiber.yield() }.wait() }
                Fiber.spawn(name: "bystander") { try Fiber.park() }
                _ = try Fiber.spawn(name: "culprit") {
                    try drain()
                    return descend(1_000_000)
                }.fetch()
            }
        }
        #expect(errorOutput(of: result).contains("stack overflow in fiber \"culprit\""))
    }

    @Test func `a crash that is no overflow is not called one`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber { try Fiber.spawn { UnsafePointer<Int>(bitPattern: 64)?.pointee }.wait() }
        }
        #expect(!errorOutput(of: result).contains("stack overflow"))
    }

    @Test func `a larger stack holds what overflows a smaller one`() throws {
        try inFiber {
            let fiber = Fiber.spawn(stackSize: 16 << 20) { descend(5_000) }
            try #expect(fiber.fetch() == 5_000)
        }
    }
}

/// Takes more than a kilobyte of stack per call.
@inline(never)
func descend(_ depth: Int) -> Int {
    guard depth > 0 else { return 0 }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1_000) { buffer in
        buffer.initialize(repeating: UInt8(truncatingIfNeeded: depth))
        return descend(depth - 1) + (buffer[depth % 1_000] == UInt8(truncatingIfNeeded: depth) ? 1 : 0)
    }
}
