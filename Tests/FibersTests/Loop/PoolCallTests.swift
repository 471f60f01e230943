// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

@testable import Fibers

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct PoolCallTests {
    /// A fiber in a call on the pool, which has begun and ends with the job.
    private func begin(_ job: Job, then: @escaping () throws -> Void = {}) throws -> Fiber<Int> {
        let fiber = Fiber.spawn {
            let result = try PoolCall.run { job.run() }
            try then()
            return result
        }
        try job.waitUntilBegun()
        return fiber
    }

    @Test func `a call that runs when its fiber is cancelled is waited for, and the next park throws`() throws {
        try inFiber {
            let job = Job()
            var hasReturned = false
            let fiber = try begin(job) {
                hasReturned = true
                try Fiber.yield()
            }
            fiber.cancel()
            try drain()
            #expect(!fiber.isDone && !hasReturned)
            job.open()
            #expect(failure(of: fiber) is CancellationError)
            #expect(hasReturned)
        }
    }

    @Test func `errors handed over do not end the wait, and the last is thrown by the next park`() throws {
        try inFiber {
            let job = Job()
            let fiber = try begin(job) { try Fiber.yield() }
            for number in 0..<3 {
                fiber.schedule(throwing: Failure("\(number)"))
                try drain()
                #expect(!fiber.isDone)
            }
            job.open()
            #expect(failure(of: fiber) is Failure)
        }
    }

    @Test func `a call that has not begun when its fiber is cancelled is never made`() async {
        await #expect(processExitsWith: .success) {
            setenv("UV_THREADPOOL_SIZE", "1", 1)
            try inFiber {
                let job = Job()
                let first = try job.begin()
                let log = Log()
                let second = Fiber.spawn { try PoolCall.run { log.append("made") } }
                try drain()
                second.cancel()
                #expect(failure(of: second) is CancellationError)
                job.open()
                try first.wait()
                #expect(log.entries.isEmpty)
            }
        }
    }

    @Test func `a file that is closed during a call stays open until the call has ended`() throws {
        try inFiber {
            let file = TemporaryFile()
            let descriptor = try file.open(containing: [])
            let poll = try DescriptorPoll(descriptor, subject: "file", allowingFiles: true)
            let job = Job()
            let fiber = Fiber.spawn { try poll.retry(.reading) { _ in job.run() } }
            try job.waitUntilBegun()
            poll.close()
            #expect(fcntl(descriptor, F_GETFD) >= 0)
            job.open()
            try #expect(fiber.fetch() == 1)
            #expect(failure { try poll.retry(.reading) { _ in 1 } } is ClosedError)
        }
    }
}
