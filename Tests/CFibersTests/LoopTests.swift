// SPDX-License-Identifier: MIT
import CFibers
import Testing

@Suite struct LoopTests {
    @Test(.timeLimit(.minutes(1)))
    func `a turn ends although its alarm was due before it came to poll`() throws {
        var error: CInt = 0
        let loop = try #require(fibers_loop_create(&error))
        fibers_loop_start_alarm(loop, 1)
        let start = fibers_monotonic_time()
        while fibers_monotonic_time() - start < 3_000_000 {}
        fibers_loop_turn(loop, .max)
        #expect(fibers_loop_destroy(loop) == 0)
    }
}
