// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import Synchronization
import Testing

/// Each in a process of its own, where no other test has an event loop.
@Suite struct PoolEndTests {
    @Test func `R14: when the last event loop ends, the fibers of the pools unwind`() async {
        await #expect(processExitsWith: .success) {
            let (first, second) = (Flag(), Flag())
            let fibers = try inFiber {
                [try spawnParked { first.set() }, try spawnParked(on: .interactive) { second.set() }]
            }
            #expect(first.isSet && second.isSet)
            #expect(fibers.allSatisfy { cause(of: $0) is CancellationError })
        }
    }

    @Test func `what no worker has begun fails without running, and then nobody may spawn`() async {
        await #expect(processExitsWith: .success) {
            setPoolSizes("1")
            let didRun = Flag()
            let busy = try inFiber {
                let hasBegun = Gate()
                let busy = try Threads.spawn {
                    var others: [Threads.Fiber<Void>] = []
                    while true {
                        do { others.append(try Threads.spawn { didRun.set() }) } catch { return (others, error) }
                        hasBegun.open()
                    }
                }
                hasBegun.wait()
                return busy
            }
            let (others, error) = try inFiber { try busy.fetch() }
            #expect("\(error)" == "thread pool is closed" && error is ClosedError)
            #expect(!others.isEmpty && others.allSatisfy { $0.isFailed && cause(of: $0) is CancellationError })
            #expect(!didRun.isSet)
        }
    }

    @Test func `a fiber that unwinds cannot start another pool`() async {
        await #expect(processExitsWith: .success) {
            let isRefused = Flag()
            try inFiber {
                _ = try spawnParked {
                    if failure(of: { try Threads.spawn(on: .interactive) {} }) is ClosedError { isRefused.set() }
                }
            }
            #expect(isRefused.isSet)
        }
    }

    @Test func `a handle tells the end of its fiber on any thread, and asks for nothing more`() async {
        await #expect(processExitsWith: .success) {
            let fiber = try inFiber { try spawnParked() }
            fiber.cancel()
            fiber.schedule(passing: 1)
            fiber.schedule(throwing: Failure("too late"))
            #expect(fiber.isDone && fiber.isFailed)
            let error = #expect(throws: FiberFailedError.self) { try fiber.fetch() }
            #expect(error?.error is CancellationError)
            onNewThread { #expect(throws: FiberFailedError.self) { try fiber.wait() } }
        }
    }

    @Test func `the next spawn starts the pools again`() async {
        await #expect(processExitsWith: .success) {
            for number in 0..<3 { try #expect(inFiber { try Threads.spawn { number }.fetch() } == number) }
        }
    }

    @Test func `an event loop on another thread keeps the pools`() async {
        await #expect(processExitsWith: .success) {
            let fiber = try inFiber {
                let handle = Mutex<Threads.Fiber<Void>?>(nil)
                onNewThread { handle.withLock { $0 = try? inFiber { try spawnParked() } } }
                let fiber = try #require(handle.withLock { $0 })
                try Threads.spawn {}.wait()
                #expect(!fiber.isDone)
                return fiber
            }
            #expect(fiber.isFailed)
        }
    }

    @Test func `clean-up waits for a fiber of another worker, though both end`() async {
        await #expect(processExitsWith: .success) {
            setPoolSizes("2")
            let log = Log()
            try inFiber {
                let first = try spawnParked { log.append("first") }
                _ = try spawnParked {
                    try? Fiber.shield { try first.wait() }
                    log.append("second")
                }
            }
            #expect(log.entries == ["first", "second"])
        }
    }

    @Test func `a fiber that keeps itself ready ends at its next park`() async {
        await #expect(processExitsWith: .success) {
            let fiber = try inFiber {
                let hasBegun = Gate()
                let fiber = try Threads.spawn {
                    hasBegun.open()
                    while true { try Fiber.yield() }
                }
                hasBegun.wait()
                return fiber
            }
            #expect(cause(of: fiber) is CancellationError)
        }
    }
}
