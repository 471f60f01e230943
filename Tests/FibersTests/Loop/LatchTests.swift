// SPDX-License-Identifier: MIT
import Dispatch
@testable import Fibers
import Testing

@Suite struct LatchTests {
    @Test func `everybody goes on once it is open, and nobody waits after`() {
        let latch = Latch()
        DispatchQueue.concurrentPerform(iterations: 4) { number in
            if number == 0 { latch.open() } else { latch.wait() }
        }
        #expect(latch.wait() && latch.wait(until: LoopClock.now))
    }

    @Test func `who waits with a limit is told that it is closed`() {
        let begin = LoopClock.now
        #expect(!Latch().wait(until: begin.advanced(by: .milliseconds(2))))
        #expect(begin.duration(to: LoopClock.now) >= .milliseconds(2))
    }
}
