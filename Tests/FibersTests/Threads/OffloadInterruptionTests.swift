// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import Testing

@Suite struct OffloadInterruptionTests {
    @Test func `a cancelled fiber leaves at once while the closure runs on`() throws {
        try inFiber {
            let job = Job()
            let fiber = try job.begin()
            fiber.cancel()
            #expect(failure(of: fiber) is CancellationError)
            #expect(!job.hasEnded)
            job.open()
        }
    }

    @Test func `an error that is handed over is thrown at once while the closure runs on`() throws {
        try inFiber {
            let job = Job()
            let fiber = try job.begin()
            let expected = Failure("enough")
            fiber.schedule(throwing: expected)
            #expect(failure(of: fiber) as? Failure === expected)
            #expect(!job.hasEnded)
            job.open()
        }
    }

    @Test func `a time limit ends the wait while the closure runs on`() throws {
        try inFiber {
            let job = Job()
            #expect(throws: TimeoutError.self) { try withTimeout(.zero) { try offload { job.run() } } }
            #expect(!job.hasEnded)
            job.open()
        }
    }

    @Test func `in a shield a cancelled fiber gets its result, and is cancelled at the next park`() throws {
        try inFiber {
            let job = Job()
            var result: Int?
            let fiber = Fiber.spawn {
                result = try Fiber.shield { try offload { job.run() } }
                try Fiber.yield()
            }
            try job.waitUntilBegun()
            fiber.cancel()
            job.open()
            #expect(failure(of: fiber) is CancellationError)
            #expect(result == 1)
        }
    }

    @Test func `a result that came before the cancellation is returned`() throws {
        try inFiber {
            let job = Job()
            let fiber = try job.begin()
            job.open()
            while fiber.state != .queued { try Fiber.yield() }
            fiber.cancel()
            try #expect(fiber.fetch() == 1)
        }
    }

    @Test func `a fiber that is cancelled before offloads nothing`() throws {
        let log = Log()
        try inFiber {
            for _ in 0..<100 {
                let fiber = Fiber.spawn {
                    Fiber.current.cancel()
                    try offload { log.append("ran") }
                }
                #expect(failure(of: fiber) is CancellationError)
            }
        }
        #expect(log.entries.isEmpty)
    }

    @Test func `a closure that has not begun when its fiber is cancelled never runs, and is freed`() async {
        await #expect(processExitsWith: .success) {
            setenv("UV_THREADPOOL_SIZE", "1", 1)
            let log = Log()
            try inFiber {
                let job = Job()
                let first = try job.begin()
                let fibers = (0..<3).map { _ in spawnLogging(log) }
                try drain()
                fibers.forEach { $0.cancel() }
                #expect(fibers.allSatisfy { failure(of: $0) is CancellationError })
                job.open()
                try first.wait()
                #expect(log.entries == Array(repeating: "freed here", count: 3))
            }
        }
    }
}
