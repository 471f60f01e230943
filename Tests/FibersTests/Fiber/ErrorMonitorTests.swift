// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import Testing

@Suite struct ErrorMonitorTests {
    @Test func `A5: a monitored failure is reported as soon as the fiber fails, and only then`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                let fiber = spawn("worker", 1) { throw Failure("no paper") }
                #expect(fiber.monitorErrors() === fiber)
                try drain()
                say("after the failure")
            }
        }
        let report = #"Unhandled error in fiber "worker", spawned at M/F.swift:1: no paper"#
        #expect(errorOutput(of: result) == report + "\nafter the failure\n")
    }

    @Test func `A5: a fiber that has failed already is reported at once, and that counts as seen`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                let fiber = spawn("worker", 1) { throw Failure("no paper") }
                try drain()
                say("before the monitor")
                fiber.monitorErrors()
                say("after the monitor")
            }
        }
        let report = #"Unhandled error in fiber "worker", spawned at M/F.swift:1: no paper"#
        #expect(errorOutput(of: result) == "before the monitor\n" + report + "\nafter the monitor\n")
    }

    @Test func `A5: called twice, it reports twice, and whoever waits for the fiber gets the failure as well`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                let fiber = spawn("worker", 1) { throw Failure("no paper") }.monitorErrors().monitorErrors()
                #expect(throws: FiberFailedError.self) { try fiber.wait() }
            }
        }
        let report = "Unhandled error in fiber \"worker\", spawned at M/F.swift:1: no paper\n"
        #expect(errorOutput(of: result) == report + report)
    }

    @Test func `A5: success and the fiber's own cancellation are silent`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                spawn("successful", 1) {}.monitorErrors()
                let cancelled = spawn("cancelled", 2) { try Fiber.park() }.monitorErrors()
                try drain()
                cancelled.cancel()
                try drain()
                cancelled.monitorErrors()
                spawn("left over", 3) { try Fiber.park() }.monitorErrors()
            }
        }
        #expect(errorOutput(of: result) == "")
    }

    @Test func `A5: a CancellationError is reported if nobody cancelled the fiber`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                spawn("worker", 1) { throw CancellationError() }.monitorErrors()
                try drain()
            }
        }
        #expect(errorOutput(of: result).hasPrefix("Unhandled error in fiber \"worker\""))
    }

    @Test func `A5: a monitored fiber still closes the channels that are bound to it`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                let channel = Channel<Int>.producing(name: "producer") { _ in throw Failure("no paper") }
                channel.producer?.monitorErrors()
                #expect(throws: FiberFailedError.self) { try channel.take() }
            }
        }
        #expect(errorOutput(of: result).hasSuffix(": no paper\n"))
    }

    @Test func `X1 X2 R13: a report prints the whole tree, every branch`() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try inFiber {
                spawn("leader", 1) {
                    try withFiberGroup { group in
                        let reader = group.spawn(name: "reader", file: "M/F.swift", line: 2) {
                            throw Failure("no paper")
                        }
                        group.spawn(name: "writer", file: "M/F.swift", line: 3) { try reader.wait() }
                        try Fiber.yield()
                        throw Failure("out of stock")
                    }
                }
                try drain()
            }
        }
        let text = """
            Unhandled error in fiber "leader", spawned at M/F.swift:1:
              out of stock
              fiber "reader", spawned at M/F.swift:2, failed: no paper
              fiber "writer", spawned at M/F.swift:3, failed:
                fiber "reader", spawned at M/F.swift:2, failed: no paper

            """
        #expect(errorOutput(of: result) == text)
    }
}

@discardableResult
private func spawn(_ name: String, _ line: UInt, _ body: @escaping () throws -> Void) -> Fiber<Void> {
    Fiber.spawn(name: name, file: "M/F.swift", line: line, body)
}

/// On standard error, unbuffered.
private func say(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
