// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Children of the host program that are none of ours, and ours that it takes away.
@Suite struct ForeignChildTests {
    @Test func `reliability 68: a child of other code is left to it`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let foreign = try spawnForeign("exit 5")
                for _ in 0..<20 { try mischief("exit", 0).run() }
                var status: CInt = 0
                #expect(waitpid(foreign, &status, 0) == foreign)
                #expect(status >> 8 == 5)
            }
        }
    }

    @Test func `reliability 68: where the host ignores SIGCHLD, the lost status is an error, and nothing hangs`() async
    {
        await #expect(processExitsWith: .success) {
            signal(SIGCHLD, SIG_IGN)
            try inFiber {
                let child = try mischief("exit", 5, 10).spawn()
                let error = #expect(throws: IOError.self) { try child.wait() }
                #expect(error?.code == .noChildProcess)
                #expect(child.description.hasSuffix("ended unseen") && !child.isRunning)
                #expect(failure(of: { try Command("no-such-program").spawn() }) is IOError)
                #expect(failure(of: { try mischief("flood", 100).output() }) is IOError)
            }
        }
    }

    @Test func `reliability 68: the host's handler of SIGCHLD is called as before`() async {
        await #expect(processExitsWith: .success) {
            signal(SIGCHLD) { _ in handlerCalls += 1 }
            try inFiber {
                try #expect(mischief("exit", 5).spawn().wait() == .exited(5))
                let isCalled = try timedWait(timeout: .seconds(20), pollInterval: .milliseconds(1)) { handlerCalls > 0 }
                #expect(isCalled == .ok)
            }
        }
    }

    @Test func `reliability 68: a child that other code has reaped is an error for who waits`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let child = try mischief("exit", 5).spawn()
                #expect(waitpid(pid_t(child.processID), nil, 0) == child.processID)
                try child.kill()
                let error = #expect(throws: IOError.self) { try child.wait() }
                #expect(error?.code == .noChildProcess)
                #expect(error?.operation == "wait for")
            }
        }
    }

    #if os(Linux)
        @Test(.enabled(if: access("/proc/sys/kernel/ns_last_pid", W_OK) == 0, "sets the next process number"))
        func `reliability 83: a stranger that got the number of a child is not killed in its place`() async {
            await #expect(processExitsWith: .success) {
                let stranger = try inFiber {
                    let child = try mischief("exit", 0).spawn()
                    #expect(waitpid(pid_t(child.processID), nil, 0) == child.processID)
                    let stranger = try spawnForeign("exec sleep 100", as: pid_t(child.processID))
                    try child.kill(.kill)
                    return stranger
                }
                #expect(waitpid(stranger, nil, WNOHANG) == 0)
                kill(stranger, SIGKILL)
                #expect(waitpid(stranger, nil, 0) == stranger)
            }
        }
    #endif

    @Test func `reliability 83: kills that race the exit find the child or nobody`() throws {
        try inFiber {
            for round in 0..<300 {
                let child = try mischief("exit", 7).spawn()
                let killer = Fiber.spawn {
                    while child.isRunning {
                        try child.kill(.terminate)
                        for _ in 0...round { try Fiber.yield() }
                    }
                    try child.kill(.kill)
                }
                try #expect([.exited(7), .signaled(.terminate)].contains(child.wait()))
                try killer.wait()
            }
        }
    }
}

nonisolated(unsafe) private var handlerCalls = 0  // of a process of one test only

/// As the host program would.
private func spawnForeign(_ script: String) throws -> pid_t {
    var processID = pid_t()
    var arguments: [UnsafeMutablePointer<CChar>?] = ["sh", "-c", script].map { (word: String) in strdup(word) } + [nil]
    defer { for argument in arguments { free(argument) } }
    guard posix_spawn(&processID, "/bin/sh", nil, nil, &arguments, environ) == 0 else { throw Failure("no shell") }
    return processID
}

#if os(Linux)
    /// With this number, which is free.
    private func spawnForeign(_ script: String, as number: pid_t) throws -> pid_t {
        for _ in 0..<100 {
            let file = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC)
            let text = "\(number - 1)"
            _ = text.withCString { write(file, $0, text.utf8.count) }
            close(file)
            let processID = try spawnForeign(script)
            if processID == number { return processID }
            kill(processID, SIGKILL)
            waitpid(processID, nil, 0)
        }
        throw Failure("number \(number) was never given")
    }
#endif
