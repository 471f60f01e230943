// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite(.timeLimit(.minutes(2))) struct StoppingTests {
    private func ready(_ kind: String) throws -> ChildProcess {
        let child = try mischief(kind).with(\.standardOutput, .pipe).spawn()
        try #expect(child.firstLine() == "ready")
        return child
    }

    @Test func `reliability 71: who does not end when told is killed after the time given`() throws {
        try inFiber {
            let child = try ready("ignore-term")
            let time = try measure { try #expect(child.stop(graceful: .milliseconds(100)) == .signaled(.kill)) }
            #expect(time >= .milliseconds(100) && time < .seconds(20))
        }
    }

    @Test func `who ends when told has time to clean up`() throws {
        try inFiber {
            let child = try mischief("clean-up").with(\.standardOutput, .pipe).spawn()
            let output = BufferedReader(try #require(child.standardOutput))
            try #expect(output.readLine() == "ready")
            try #expect(child.stop(graceful: .seconds(60)) == .exited(3))
            try #expect(output.readLine() == "cleaned up")
        }
    }

    @Test func `who has ended is not stopped again`() throws {
        try inFiber {
            let child = try mischief("exit", 5).spawn()
            try child.wait()
            try #expect(child.stop() == .exited(5))
        }
    }

    @Test func `who is interrupted while it stops a child kills it at once`() throws {
        try inFiber {
            let child = try ready("ignore-term")
            let fiber = Fiber.spawn { try child.stop(graceful: .seconds(1000)) }
            try drain()
            fiber.cancel()
            #expect(failure(of: fiber) is CancellationError)
            #expect(child.exitStatus == .signaled(.kill))
        }
    }

    @Test func `a limit around it counts for less than a child left behind`() throws {
        try inFiber {
            let child = try ready("ignore-term")
            #expect(throws: TimeoutError.self) {
                try withTimeout(.milliseconds(20)) {
                    try child.stop(graceful: .seconds(1000))
                    try Fiber.yield()
                }
            }
            #expect(child.exitStatus == .signaled(.kill))
        }
    }

    @Test func `all of a chain are stopped`() throws {
        try inFiber {
            let chain = try (mischief("ignore-term") | Command("sleep", 100)).spawn()
            let results = try chain.stop(graceful: .milliseconds(200))
            #expect(results[1].status == .signaled(.terminate))
            #expect([.signaled(.kill), .signaled(.terminate)].contains(results[0].status))
            #expect(!chain.isRunning)
        }
    }

    @Test func `a group of its own is stopped as a whole`() throws {
        try inFiber {
            let tree = try mischief("tree").with(\.standardOutput, .pipe).with(\.processGroup, .own).spawn()
            let members = try numbers(in: tree.firstLine())
            defer { for process in members[2...] { kill(pid_t(process), SIGKILL) } }
            try #expect(tree.stop() == .signaled(.terminate))
            try waitUntilGone(members[1])
        }
    }

    @Test func `who ignores what ends the leader of its group does not outlive it`() throws {
        try inFiber {
            let script = "(trap '' TERM; echo ready; exec sleep 1000) & wait"
            let child = try Command("sh", "-c", script).with(\.processGroup, .own).with(\.standardOutput, .pipe).spawn()
            let output = BufferedReader(try #require(child.standardOutput))
            try #expect(output.readLine() == "ready")
            try #expect(child.stop(graceful: .seconds(60)) == .signaled(.terminate))
            try #expect(output.readLine() == nil)  // nobody has the pipe open
        }
    }

    @Test func `PR11: a signal is sent and not waited for; after the exit it is nothing`() throws {
        try inFiber {
            let child = try Command("sleep", 100).spawn()
            try child.kill()
            #expect(child.isRunning)
            try child.wait()
            try child.kill()
        }
    }

    @Test func `PR11: a number that is no signal is an error`() throws {
        try inFiber {
            let child = try Command("sleep", 100).spawn()
            let error = #expect(throws: IOError.self) { try child.kill(Signal(rawValue: 1000)) }
            #expect(error?.code == .invalidArgument && error?.operation == "kill")
            #expect(child.isRunning)
        }
    }

    #if os(Linux)
        @Test(.enabled(if: geteuid() == 0, "gives up privileges"))
        func `a child of somebody else, who may not be killed, is an error and no hang`() async {
            await #expect(processExitsWith: .success) {
                try inFiber {
                    let child = try mischief("copy").with(\.standardInput, .pipe).spawn()
                    #expect(setuid(65_534) == 0)
                    for attempt in [{ _ = try child.stop(graceful: .zero) }, { try child.kill() }] {
                        let error = #expect(throws: IOError.self) { try attempt() }
                        #expect(error?.code == .notPermitted)
                    }
                    child.standardInput?.close()
                    try #expect(child.wait() == .exited(0))
                }
            }
        }
    #endif
}
