// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct ChildProcessTests {
    /// Neither running nor a zombie.
    private func isGone(_ processID: Int) -> Bool { kill(pid_t(processID), 0) == -1 && errno == ESRCH }

    @Test(arguments: [0, 1, 255]) func `W8: the exit status is what the program returned`(status: Int) throws {
        try inFiber {
            try #expect(Command("sh", "-c", "exit \(status)").spawn().wait() == .exited(status))
        }
    }

    @Test func `a child ended by a signal says by which`() throws {
        try inFiber {
            let child = try Command("sleep", "100").spawn()
            #expect(child.isRunning)
            try child.kill()
            try #expect(child.wait() == .signaled(.terminate))
            #expect(!child.isRunning)
            #expect(child.description.hasSuffix("(sleep 100), ended by signal 15"))
        }
    }

    @Test func `W8: any number of fibers wait, before the exit and after`() throws {
        try inFiber {
            let child = try Command("sh", "-c", "exit 7").spawn()
            let waiters = (0..<3).map { _ in Fiber.spawn { try child.wait() } }
            for waiter in waiters { try #expect(waiter.fetch() == .exited(7)) }
            try #expect(child.wait() == .exited(7))
            #expect(child.exitStatus == .exited(7))
        }
    }

    @Test func `W8: other fibers run while a child is waited for`() throws {
        try inFiber {
            let child = try Command("cat", "/dev/zero").spawnSilently()
            var steps = 0
            Fiber.spawn {
                while steps < 10 {
                    steps += 1
                    try Fiber.yield()
                }
                try child.kill()
            }
            try child.wait()
            #expect(steps == 10)
        }
    }

    @Test func `a kill after the exit does nothing`() throws {
        try inFiber {
            let child = try Command("true").spawn()
            try child.wait()
            try child.kill()
            try child.kill(Signal(rawValue: 999))
        }
    }

    @Test func `a number that is no signal is refused`() throws {
        try inFiber {
            let child = try Command("sleep", "100").spawn()
            let error = #expect(throws: IOError.self) { try child.kill(Signal(rawValue: 999)) }
            #expect(error?.code == .invalidArgument)
            #expect(child.isRunning)
        }
    }

    @Test func `a cancelled wait lets the child go on`() throws {
        try inFiber {
            let child = try Command("sleep", "100").spawn()
            let waiter = Fiber.spawn { try child.wait() }
            try drain()
            waiter.cancel()
            #expect(failure(of: waiter) is CancellationError)
            #expect(child.isRunning)
            #expect(!isGone(child.processID))
        }
    }

    @Test(arguments: [true, false]) func `a cancelled run or output leaves no child`(takesOutput: Bool) throws {
        try inFiber {
            let pids = TemporaryFile()
            let command = Command("sh", "-c", "echo $$ > \(pids.path); exec sleep 100")
            let fiber = Fiber.spawn { if takesOutput { _ = try command.output() } else { try command.run() } }
            while pids.firstNumber == nil { try Fiber.sleep(for: .milliseconds(1)) }
            fiber.cancel()
            #expect(failure(of: fiber) is CancellationError)
            #expect(isGone(try #require(pids.firstNumber)))
        }
    }

    @Test func `a child that still runs when its loop ends is killed and reaped`() throws {
        let child = try inFiber { try Command("sleep", "100").spawn() }
        #expect(isGone(child.processID))
        #expect(throws: ClosedError.self) { try child.wait() }
        try child.kill()
    }

    @Test func `a dropped child goes on and is reaped when it exits`() throws {
        try inFiber {
            let processID = try Command("true").spawn().processID
            #expect(try timedWait(timeout: .seconds(5), pollInterval: .milliseconds(1)) { isGone(processID) } == .ok)
        }
    }

    @Test func `a grandchild that lives on does not hang wait`() throws {
        try inFiber {
            let child = try Command("sh", "-c", "sleep 2 > /dev/null 2>&1 & exit 4").spawn()
            let start = LoopClock.now
            try #expect(child.wait() == .exited(4))
            #expect(start.duration(to: LoopClock.now) < .seconds(1))
        }
    }
}

extension Command {
    /// As `spawn`, with its output thrown away.
    fileprivate func spawnSilently() throws -> ChildProcess {
        try Command("sh", arguments: ["-c", "exec \"$@\" > /dev/null", "sh", program] + arguments).spawn()
    }
}
