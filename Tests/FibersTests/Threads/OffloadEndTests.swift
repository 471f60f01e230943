// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct OffloadEndTests {
    @Test func `a late result goes away on the thread of its fiber, and so does what the closure holds`() throws {
        let log = Log()
        try inFiber {
            let job = Job()
            let capture = Traced(in: log)
            let fiber = Fiber.spawn {
                try offload {
                    defer { withExtendedLifetime(capture) {} }
                    _ = job.run()
                    return Traced(in: log, thread: capture.thread)
                }
            }
            try job.waitUntilBegun()
            fiber.cancel()
            try? fiber.wait()
            job.open()
        }
        #expect(log.entries == ["freed here", "freed here"])
    }

    @Test func `a loop that ends waits for closures that have begun`() throws {
        let job = try inFiber {
            let job = Job()
            Fiber.spawn {
                defer { job.open() }
                return try offload { job.run() }
            }
            try job.waitUntilBegun()
            return job
        }
        #expect(job.hasEnded)
    }

    @Test func `a loop that ends takes back or waits for any number of closures`() throws {
        let log = Log()
        try inFiber {
            for _ in 0..<200 { spawnLogging(log) }
            try Fiber.yield()
        }
        #expect(log.entries.count { $0 == "freed here" } == 200)
        #expect(log.entries.allSatisfy { $0 == "freed here" || $0 == "ran" })
    }

    @Test func `parking in the closure traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber { try offload { try Fiber.yield() } }
        }
        #expect(trapSaid("this thread has no scheduler", result))
    }

    @Test func `offloading in the closure traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber { try offload { try offload {} } }
        }
        #expect(trapSaid("this thread has no scheduler", result))
    }
}
