// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct PoolFaultTests {
    @Test func `a trap in a fiber of a pool ends the program with its sentence`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber { try Threads.spawn { fatalError("out of paper") }.wait() }
        }
        #expect(trapSaid("out of paper", result))
    }

    @Test func `a stack overflow in a fiber of a pool names the fiber`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber { _ = try Threads.spawn(name: "deep") { descend(1_000_000) }.fetch() }
        }
        #expect(trapSaid("stack overflow in fiber \"deep\" (256 KiB), spawned at \(#fileID):", result))
    }
}
