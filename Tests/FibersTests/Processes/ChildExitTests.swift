// SPDX-License-Identifier: MIT
import CFibers
import Fibers
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct ChildExitTests {
    @Test func `reliability 65: a thousand children at once end, each with its own status`() async {
        await #expect(processExitsWith: .success) {
            try balancing {
                var random = SplitMix(seed: 65)
                let children = try (0..<1_000).map { number in
                    try mischief("exit", number % 256, Int.random(in: 0...3, using: &random)).spawn()
                }
                let statuses = try children.map { try $0.wait() }
                #expect(statuses == (0..<1_000).map { .exited($0 % 256) })
            }
        }
    }

    @Test func `reliability 65: ten thousand children leave no descriptor and no zombie`() async {
        await #expect(processExitsWith: .success) {
            try balancing {
                for round in 0..<(fibers_announces_switches ? 10 : 100) {  // a sanitizer takes its time to start
                    let children = try (0..<100).map { try mischief("exit", ($0 + round) % 256).spawn() }
                    for (number, child) in children.enumerated() {
                        try #expect(child.wait() == .exited((number + round) % 256))
                    }
                }
            }
        }
    }

    @Test func `PR10 W8: reliability 66: ten fibers that wait, and one that comes late, get the same status`() throws {
        try inFiber {
            let child = try mischief("exit", 42, 20).spawn()
            let waiters = (0..<10).map { _ in Fiber.spawn { try child.wait() } }
            for waiter in waiters { try #expect(waiter.fetch() == .exited(42)) }
            try #expect(child.wait() == .exited(42))
        }
    }

    @Test func `reliability 67: a child is reaped although its object is gone`() throws {
        try inFiber {
            let processID = try mischief("exit", 0, 20).spawn().processID
            #expect(!isGone(processID))
            try #expect(timedWait(timeout: .seconds(20), pollInterval: .milliseconds(2)) { isGone(processID) } == .ok)
        }
    }

    @Test func `PR12: a child runs until the loop has seen its exit`() throws {
        try inFiber {
            let child = try mischief("exit", 0).spawn()
            usleep(50_000)
            #expect(child.isRunning && child.exitStatus == nil && child.result == nil)
            try child.wait()
            #expect(!child.isRunning && child.exitStatus == .exited(0))
        }
    }

    @Test func `PR12: a chain runs until all of it has exited`() throws {
        try inFiber {
            let chain = try (mischief("exit", 0) & mischief("copy").with(\.standardInput, .pipe)).spawn()
            try chain.processes[0].wait()
            #expect(chain.isRunning)
            chain.processes[1].standardInput?.close()
            try chain.wait()
            #expect(!chain.isRunning)
        }
    }

    @Test(arguments: [SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGKILL, SIGSEGV, SIGPIPE, SIGTERM, SIGUSR1, SIGXCPU])
    func `PR13: a child that a signal ended says which`(signal: CInt) throws {
        try inFiber {
            try #expect(mischief("die", Int(signal)).spawn().wait() == .signaled(Signal(rawValue: signal)))
        }
    }

    @Test func `PR13: a child that was told to end has signal 15`() throws {
        try inFiber {
            let child = try Command("sleep", 100).spawn()
            try child.kill()
            try #expect(child.wait() == .signaled(.terminate))
            #expect(child.result?.status.isSuccess == false)
        }
    }

    @Test func `PR14: the number is the system's`() throws {
        try inFiber {
            let child = try Command("sh", "-c", "echo $$").with(\.standardOutput, .pipe).spawn()
            try #expect(child.firstLine() == "\(child.processID)")
            try child.wait()
            #expect(isGone(child.processID))
        }
    }

    @Test func `PR17: the printed form tells command, number and state`() throws {
        try inFiber {
            let child = try Command("sleep", 100).spawn()
            #expect(child.description == "child process \(child.processID) (sleep 100), running")
            try child.kill(.kill)
            try child.wait()
            #expect(child.description == "child process \(child.processID) (sleep 100), ended by signal 9")
            let other = try mischief("exit", 3).spawn()
            try other.wait()
            #expect(other.description.hasSuffix("exit 3), exited with status 3"))
        }
    }
}
