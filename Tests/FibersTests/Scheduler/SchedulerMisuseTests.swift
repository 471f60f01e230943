// SPDX-License-Identifier: MIT
@testable import Fibers
import Foundation
import Testing

@Suite struct SchedulerMisuseTests {
    @Test func `parking on a thread without a scheduler traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            onNewThread { try? Fiber.yield() }
        }
        #expect(errorOutput(of: result).contains("this thread has no scheduler"))
        #expect(errorOutput(of: result).contains("must be on the main thread or inside EventLoop.run { }"))
    }

    @Test func `spawning on a thread without a scheduler traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            onNewThread { Fiber.spawn {} }
        }
        #expect(errorOutput(of: result).contains("this thread has no scheduler"))
    }

    @Test func `parking after the loop has ended traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            onNewThread {
                try? inFiber {}
                try? Fiber.yield()
            }
        }
        #expect(errorOutput(of: result).contains("this thread has no scheduler"))
    }

    @Test func `a loop inside a loop traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber { try inFiber {} }
        }
        #expect(trapSaid("this thread runs an event loop already", result))
    }

    @Test func `a loop inside a fiber traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber { try Fiber.spawn { try inFiber {} }.wait() }
        }
        #expect(trapSaid("this thread runs an event loop already", result))
    }

    @Test(arguments: 0..<5)
    func `R6: parking in a libuv callback traps`(kind: Int) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [kind] in
            try inFiber { try parkInCallback(kind) }
        }
        #expect(trapSaid("a libuv callback cannot park: store the result and wake a fiber", result))
    }

    @Test func `R6: parking in the callback of a signal traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber {
                let watch = try SignalWatch(SIGUSR1, onlyOnce: false) { try? Fiber.yield() }
                kill(getpid(), SIGUSR1)
                try Fiber.sleep(for: .seconds(5))
                watch.close()
            }
        }
        #expect(trapSaid("a libuv callback cannot park: store the result and wake a fiber", result))
    }
}

private func parkInCallback(_ kind: Int) throws {
    let finished = Fiber {}
    let note = Note(for: .current) {
        switch kind {
        case 0: try? Fiber.yield()
        case 1: _ = try? Fiber.park()
        case 2: try? Fiber.sleep(for: .zero)
        case 3: try? offload {}
        default: try? finished.wait()
        }
    }
    note.send()
    try Fiber.sleep(for: .seconds(5))
}
