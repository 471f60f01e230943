// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import Testing

@Suite struct ProcessEndTests {
    @Test func `when the main program returns, the fibers of the pools unwind`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            _ = try spawnParked { writeError("unwound") }
            exit(0)
        }
        #expect(errorOutput(of: result).contains("unwound"))
    }

    @Test func `exit on any thread lets the fibers of the pools unwind`() async {
        let result = await #expect(processExitsWith: .exitCode(3), observing: [\.standardErrorContent]) {
            try inFiber {
                _ = try spawnParked { writeError("unwound") }
                exit(3)
            }
        }
        #expect(errorOutput(of: result).contains("unwound"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `exit in a fiber of a worker lets those of other workers unwind, and waits for no more`() async {
        let result = await #expect(processExitsWith: .exitCode(3), observing: [\.standardErrorContent]) {
            _ = try spawnParked(on: .interactive) { writeError("unwound") }
            try inFiber { try Threads.spawn { exit(3) }.wait() }
        }
        #expect(errorOutput(of: result).contains("unwound"))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a fiber that unwinds may call exit`() async {
        await #expect(processExitsWith: .exitCode(3)) {
            try inFiber { _ = try spawnParked { exit(3) } }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `fibers that compute or shield for ever do not keep the process`() async {
        await #expect(processExitsWith: .exitCode(3)) {
            let never = Flag()
            try Threads.spawn { while !never.isSet {} }
            try Threads.spawn(on: .interactive) {
                Fiber.shield { while true { try? Fiber.sleep(for: .milliseconds(1)) } }
            }
            exit(3)
        }
    }

    @Test func `nobody spawns while the process ends`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            _ = try spawnParked {
                onNewThread {
                    if failure(of: { try Threads.spawn {} }) is ClosedError { writeError("refused") }
                }
            }
            exit(0)
        }
        #expect(errorOutput(of: result).contains("refused"))
    }

    @Test func `R13: a failure while the pools stop is reported before the process ends`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            let hasBegun = Gate()
            try Threads.spawn(name: "lonely") {
                hasBegun.open()
                do { try Fiber.park() } catch { throw Failure("no paper") }
            }
            hasBegun.wait()
            exit(0)
        }
        #expect(errorOutput(of: result).contains("Unhandled error in fiber \"lonely\""))
    }
}
