// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// A started fiber never changes thread, so Swift's per-thread record of accesses sees those of all fibers: a conflict
/// over a park is a trap, not corrupted memory.
@Suite struct ExclusivityTests {
    fileprivate final class Counter {
        var count = 0
        var other = 0
    }

    @Test func `two fibers that modify one property over a park trap`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber {
                let counter = Counter()
                for _ in 0..<2 { Fiber.spawn { try incrementSlowly(&counter.count) } }
                try drain()
            }
        }
        #expect(errorOutput(of: result).contains("Simultaneous accesses"))
    }

    @Test func `reading a property that another fiber modifies over a park traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber {
                let counter = Counter()
                Fiber.spawn { try incrementSlowly(&counter.count) }
                try Fiber.yield()
                try #require(counter.count == 0)
            }
        }
        #expect(errorOutput(of: result).contains("Simultaneous accesses"))
    }

    @Test func `modifying two properties of one object over parks is fine`() throws {
        try inFiber {
            let counter = Counter()
            let fibers = [
                Fiber.spawn { try incrementSlowly(&counter.count) },
                Fiber.spawn { try incrementSlowly(&counter.other) },
            ]
            for fiber in fibers { try fiber.wait() }
            #expect(counter.count == 1 && counter.other == 1)
        }
    }

    @Test func `accesses that end in another order than they began are fine`() throws {
        try inFiber {
            let counters = (0..<10).map { _ in Counter() }
            let fibers = counters.map { counter in
                Fiber.spawn { try parkAndIncrement(&counter.count) }
            }
            try Fiber.yield()
            for index in [3, 0, 9, 5, 1, 8, 2, 7, 6, 4] { try fibers[index].schedule().wait() }
            #expect(counters.allSatisfy { $0.count == 1 })
            for counter in counters { try incrementSlowly(&counter.count) }
        }
    }
}

@inline(never)
private func incrementSlowly(_ number: inout Int) throws {
    try Fiber.yield()
    number += 1
}

@inline(never)
private func parkAndIncrement(_ number: inout Int) throws {
    try Fiber.park()
    number += 1
}
