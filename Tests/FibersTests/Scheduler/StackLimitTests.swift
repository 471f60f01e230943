// SPDX-License-Identifier: MIT
import CFibers
import Fibers
import Testing

/// On kernels before Linux 6.13 each stack costs a memory mapping. Pretending concerns the process, hence exit tests.
@Suite(.enabled(if: guardsMayCostMappings)) struct StackLimitTests {
    @Test func `fibers beyond the limit fail with an error that names the setting; the others are well`() async {
        await #expect(processExitsWith: .success) {
            fibers_stack_pretend_old_kernel(true, 200)
            try inFiber {
                let limit = fibers_stack_limit()
                let fibers = (0..<200).map { _ in Fiber.spawn { _ = try Fiber.park() } }
                try drain()
                let failed = fibers.filter { $0.isFailed }
                try #require((200 - limit...201 - limit).contains(failed.count))
                try #require(failed.allSatisfy { ($0.failure as? StackLimitError)?.limit == limit })
                try #require("\(failed[0].failure!)".contains("vm.max_map_count"))
                for fiber in failed { try? fiber.wait() }
                for fiber in fibers where !fiber.isDone { try fiber.schedule().wait() }
            }
        }
    }

    @Test func `R19: what goes away with a fiber that got no stack cannot park`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            fibers_stack_pretend_old_kernel(true, 200)
            try inFiber {
                let census = Census()
                for _ in 0..<200 {
                    let member = census.newMember { try? Fiber.yield() }
                    Fiber.spawn {
                        _ = try Fiber.park()
                        _ = member
                    }
                }
                try drain()
            }
        }
        #expect(trapSaid("a deinit at the end of a fiber cannot park", result))
    }

    @Test func `R19: what goes away with a fiber that got no stack may use shields and limits, which change nothing`()
        async
    {
        await #expect(processExitsWith: .success) {
            fibers_stack_pretend_old_kernel(true, 200)
            try inFiber {
                let census = Census()
                var ends = 0
                for _ in 0..<200 {
                    let member = census.newMember { Fiber.shield { try? withTimeout(.zero) { ends += 1 } } }
                    Fiber.spawn { [member] in
                        _ = try Fiber.park()
                        _ = member
                    }
                }
                try drain()
                try #require(ends >= 100)
            }
        }
    }

    @Test func `stacks that come back serve the fibers that follow`() async {
        await #expect(processExitsWith: .success) {
            fibers_stack_pretend_old_kernel(true, 200)
            try inFiber {
                for _ in 0..<20 {
                    let fibers = (0..<60).map { _ in Fiber.spawn { _ = try Fiber.park() } }
                    try Fiber.yield()
                    for fiber in fibers { try fiber.schedule().wait() }
                }
            }
        }
    }

    @Test func `at the limit the loop still turns, and timers fire`() async {
        await #expect(processExitsWith: .success) {
            fibers_stack_pretend_old_kernel(true, 200)
            try inFiber {
                let fibers = (0..<200).map { _ in Fiber.spawn { try Fiber.sleep(for: .milliseconds(1)) } }
                for fiber in fibers { try? fiber.wait() }
                try #require(fibers.count { $0.state == .done } >= 89)
            }
        }
    }

    @Test func `thousands of fibers that cannot start fail one after the other`() async {
        await #expect(processExitsWith: .success) {
            fibers_stack_pretend_old_kernel(true, 200)
            try inFiber {
                let fibers = (0..<50_000).map { _ in Fiber.spawn { _ = try Fiber.park() } }
                for fiber in fibers.dropFirst(100) { try? fiber.wait() }
                try #require(fibers.count { $0.failure is StackLimitError } >= 49_900)
            }
        }
    }

    @Test func `without room for the loop itself, run throws`() async {
        await #expect(processExitsWith: .success) {
            fibers_stack_pretend_old_kernel(true, 1)
            let error = #expect(throws: StackLimitError.self) { try inFiber {} }
            try #require(error?.limit == 0)
        }
    }
}

private var guardsMayCostMappings: Bool {
    #if os(Linux)
        true
    #else
        false
    #endif
}
