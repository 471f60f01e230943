// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct TourTests {
    @Test func `the tour shows every part of the library at work`() throws {
        let output = try EventLoop.run { try text(of: Command(example("Tour"))) }
        let (last, lines) = (output.split(separator: "\n").last ?? "", output.split(separator: "\n").dropLast())
        #expect(lines.joined(separator: "\n") == expected)
        #expect(last.wholeMatch(of: /2000000 switches, \d+ ns each/) != nil)
    }

    private let expected = """
        A producer and a consumer
        the consumer took [1, 4, 9, 16, 25]
        10,000 fibers asleep at once
        10000 woke up; in about the longest sleep: true
        An echo daemon and a client from outside
        the daemon sent back: hello from a child
        A child process, and a timer beside it
        the child exited with status 0; the timer ticked meanwhile: true
        spawn no-such-program: no such file or directory (ENOENT)
        timedWait, both answers
        ok
        timedOut
        A deadlock, explained
        deadlock: nothing can ever run again. 2 parked:
          fiber "root" waits for Fiber "stuck" (waiting, started)
          fiber "stuck" waits for Condition<()> "never notified", spawned at Tour/main.swift:117
        after cancel: failed
        Switch throughput
        """
}
