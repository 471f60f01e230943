// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import Testing

@Suite struct FailureReportTests {
    private func reports(in result: ExitTest.Result?) -> [Substring] {
        errorOutput(of: result).split(separator: "\n").filter { $0.hasPrefix("Unhandled error in fiber") }
    }

    @Test func `R13: a failure that nobody looked at is reported once, when the fiber goes away`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                Fiber.spawn(name: "lonely", file: "Module/File.swift", line: 12) { throw Failure("no paper") }
                try drain()
                writeMark()
            }
        }
        #expect(
            reports(in: result) == [
                "Unhandled error in fiber \"lonely\", spawned at Module/File.swift:12: no paper",
                "Unhandled error in fiber: none",
            ])
    }

    @Test func `R13: a failure of a fiber that is still held is reported once, when its loop ends`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            let fiber = try inFiber {
                let fiber = Fiber.spawn { throw Failure("no paper") }
                try drain()
                writeMark()
                return fiber
            }
            _ = fiber.isFailed
        }
        #expect(reports(in: result).count == 2)
        #expect(reports(in: result).last?.contains("no paper") == true)
    }

    @Test func `R13: a failure that reached somebody is not reported`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                let before = Fiber.spawn { throw Failure("waited for before it failed") }
                try? before.wait()
                let after = Fiber.spawn { throw Failure("waited for after it failed") }
                try drain()
                try? after.wait()
                let done = Fiber.spawn { throw Failure("awaited after it failed") }
                let listed = Fiber.spawn { throw Failure("listed after it failed") }
                try drain()
                try done.waitUntilDone()
                try waitAny([listed], throwing: false)
            }
        }
        #expect(reports(in: result).isEmpty)
    }

    @Test func `R13: a cancelled fiber that ends by its cancellation is not reported`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                let cancelled = Fiber.spawn { try Fiber.park() }
                Fiber.spawn { try Fiber.park() }
                try drain()
                cancelled.cancel()
                try drain()
            }
        }
        #expect(reports(in: result).isEmpty)
    }

    @Test func `R13: a cancelled fiber that ends by another error is reported`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                Fiber.spawn {
                    do { try Fiber.park() } catch { throw Failure("clean-up went wrong") }
                }
                try drain()
            }
        }
        #expect(reports(in: result).count == 1)
    }

    @Test func `R13: looking at the failure of a fiber counts as seeing it only when it is waited for`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                let fiber = Fiber.spawn { throw Failure("expected") }
                try drain()
                _ = fiber.failure
            }
        }
        #expect(reports(in: result).count == 1)
    }

    @Test func `R13: a waiter that left before the failure has not seen it`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                let failing = Fiber.spawn {
                    try Fiber.park()
                    throw Failure("unseen")
                }
                let waiter = Fiber.spawn { try failing.wait() }
                try drain()
                waiter.cancel()
                try drain()
                failing.schedule()
                try drain()
            }
        }
        #expect(reports(in: result).count == 1)
    }
}

private func writeMark() {
    FileHandle.standardError.write(Data("Unhandled error in fiber: none\n".utf8))
}
