// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import Testing

/// What others do to a group from outside.
@Suite(.timeLimit(.minutes(1))) struct GroupOutsideThreadsTests {
    @Test func `who waits for a child of a group of another thread is in no deadlock: that may cancel it`() throws {
        try EventLoop.run {
            let (isSpawned, hasEnded, error) = (Flag(), WakeUp(), Plain<(any Error)?>(nil))
            try withFiberGroup { group in
                Thread.detachNewThread {
                    error.value = failure {
                        try EventLoop.run {
                            let child = group.spawn { _ = try Fiber.park() }
                            isSpawned.set()
                            try child.wait()
                        }
                    }
                    hasEnded.send()
                }
                try awaitFlag(isSpawned)
                try Fiber.sleep(for: .milliseconds(1))
                group.cancelAll()
            }
            try hasEnded.wait()
            #expect((error.value as? FiberFailedError)?.error is CancellationError)
        }
    }

    @Test func `nothing of the group is left on any thread when its fiber is cancelled from another`() throws {
        try inFiber {
            let (inside, left) = (Semaphore(4), Flag())
            let fiber = try Threads.spawn {
                defer { left.set() }
                try withFiberGroup { group in
                    for number in 0..<4 {
                        try group.spawn(on: pools[number % 2]) { try inside.withPermit { _ = try Fiber.park() } }
                    }
                }
            }
            while "\(inside)" != "Semaphore (0 of 4 free)" { try Fiber.sleep(for: .microseconds(20)) }
            fiber.cancel()
            #expect(cause(ofFailed: fiber) is CancellationError)
            #expect(left.isSet && "\(inside)" == "Semaphore (4 of 4 free)")
        }
    }

    private func cause(ofFailed fiber: Threads.Fiber<Void>) -> (any Error)? {
        (failure(of: fiber.wait) as? FiberFailedError)?.error
    }
}
