// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct ThreadProgramsTests {
    @Test func `R17: threads that wait for each other are a deadlock, and a root that catches it can free them`() throws
    {
        let lines = try output(of: "deadlock").split(separator: "\n")
        try #require(lines.count == 5)
        #expect(lines[0] == "deadlock: nothing can ever run again. 2 parked:")
        let waits = lines[1...2].sorted()
        #expect(waits[0].hasPrefix("  fiber \"reader\" waits to take from Channel<Int>(0) (empty), spawned at Thread"))
        #expect(waits[1] == "  fiber \"root\" waits to take from Channel<Int>(0) (empty)")
        #expect(lines[3] == "deadlock: nothing can ever run again. 1 parked:")
        #expect(lines[4] == "  fiber \"root\" waits to put into Channel<Int>(0) (1 item available)")
    }

    @Test func `R17: workers that all wait, with the root for them, are a deadlock`() throws {
        let lines = try output(of: "deadlock-among-workers").split(separator: "\n")
        try #require(lines.count == 7)
        #expect(lines[0] == "deadlock: nothing can ever run again. 5 parked:")
        for (number, line) in zip(1..., lines[1...5].sorted().dropFirst()) {
            #expect(
                line.hasPrefix("  fiber \"waiter \(number)\" waits for Event \"never\" (not set), spawned at Thread"))
        }
        #expect(lines[1...5].min() == "  fiber \"root\" waits for fiber \"waiter 1\" of another thread")
        #expect(lines[6] == "all have ended")
    }

    @Test func `R17: a thread without an event loop might end the wait, so there is no deadlock`() throws {
        try #expect(output(of: "no-deadlock") == "notified\n")
    }

    @Test func `the end of a loop goes through shields of workers that wait for each other`() throws {
        try #expect(output(of: "end") == "ended\n")
    }

    @Test func `a dump lists the fibers of every loop, with what they wait for`() throws {
        let result = try EventLoop.run {
            try withTemporaryFile { file in
                try Command("sh", "-c", "FIBERS_THREADS=2 '\(example("ThreadPrograms"))' dump 2> \(file.path)").run()
                return try text(of: Command("cat", file.path.string))
            }
        }
        for part in [
            "event loop, fibers: 2\n  fiber \"root\" waits for a timer\n  fiber \"sleeper\", spawned at Thread",
            "event loop of worker 1, fibers:", "event loop of worker 2, fibers:", "waits for a fiber to run\n",
        ] { #expect(result.contains(part)) }
    }

    private func output(of program: String) throws -> String {
        try EventLoop.run {
            try text(of: Command("env", "FIBERS_THREADS=2", example("ThreadPrograms"), program))
        }
    }
}
