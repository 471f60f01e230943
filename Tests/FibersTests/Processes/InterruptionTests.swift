// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Calls that are ended at any moment leave nothing behind.
@Suite(.timeLimit(.minutes(4))) struct InterruptionTests {
    /// All that parks.
    private static var calls: [() throws -> Void] {
        let sleeping = Command("sleep", 100).with(\.standardError, .null).with(\.standardOutput, .null)
        let copy = mischief("copy")
        let flood = mischief("flood", 1 << 30)
        let stubborn = mischief("ignore-term")
        let large = [UInt8](repeating: 1, count: 1 << 20)
        let (full, reader) = MemoryStream.makePair()
        let (empty, writer) = MemoryStream.makePair()
        let keepOpen = { withExtendedLifetime((reader, writer)) {} }
        return [
            {
                defer { keepOpen() }
                try sleeping.run()
            },
            { _ = try sleeping.succeeds() },
            { _ = try stubborn.output() },
            { _ = try stubborn.capture() },
            { _ = try stubborn.lines() },
            { try flood.forEachLine(limit: .max) { _ in } },
            { try flood.run(to: full) },
            { try copy.run(from: empty, to: MemoryStream()) },
            { try sleeping.run(from: MemoryStream(large)) },
            { try sleeping.with(\.standardInput, .bytes(large)).run() },
            { _ = try (flood | copy | sleeping).capture() },
            { try (sleeping & sleeping.with(\.processGroup, .own)).run() },
            {
                let child = try stubborn.with(\.standardOutput, .pipe).spawn()
                defer { _ = try? child.stop(graceful: .zero) }
                try child.firstLine()
                try child.stop(graceful: .seconds(100))
                try Fiber.yield()
            },
            { try stubborn.open(.readWrite) { _ = try $0.readAll() } },
            { try copy.open(.readWrite) { stream in try wholly { try stream.write(large) } } },
            { _ = try mischief("hold", 2).with(\.patience, .seconds(100)).with(\.standardError, .null).output() },
            {
                let child = try mischief("tty").with(\.terminal, .init()).spawn()
                defer { _ = try? child.stop(graceful: .zero) }
                _ = try child.terminal?.readAll()
            },
        ]
    }

    @Test func `reliability 86: a call that is cancelled at any moment leaves no child and no descriptor`() async {
        await #expect(processExitsWith: .success) {
            try balancing {
                let calls = Self.calls
                var random = SplitMix(seed: 86)
                for round in 0..<300 {
                    let call = calls[round % calls.count]
                    let fiber = Fiber.spawn(call)
                    if Bool.random(using: &random) {
                        for _ in 0..<Int.random(in: 0..<10, using: &random) { try Fiber.yield() }
                    } else {
                        try Fiber.sleep(for: .microseconds(Int.random(in: 0..<3_000, using: &random)))
                    }
                    fiber.cancel()
                    let error = failure(of: fiber)
                    #expect(error is CancellationError, "call \(round % calls.count): \(error as Any)")
                }
                try awaitAdopted()
            }
        }
    }

    @Test func `reliability 86: a call that runs into a time limit leaves no child and no descriptor`() async {
        await #expect(processExitsWith: .success) {
            try balancing {
                let calls = Self.calls
                var random = SplitMix(seed: 87)
                for round in 0..<300 {
                    let limit = Duration.microseconds(Int.random(in: 0..<3_000, using: &random))
                    let error = failure { try withTimeout(limit, calls[round % calls.count]) }
                    #expect(error is TimeoutError, "call \(round % calls.count): \(error as Any)")
                }
                try awaitAdopted()
            }
        }
    }

    @Test func `reliability 86: what a program has written before the limit is there`() throws {
        try inFiber {
            let output = MemoryStream()
            #expect(throws: TimeoutError.self) {
                try withTimeout(.milliseconds(500)) { try mischief("ignore-term").run(to: output) }
            }
            #expect(output.written == Array("ready\n".utf8))
        }
    }

    @Test func `W8: a wait that is cancelled or takes too long lets the child go on`() throws {
        try inFiber {
            let child = try Command("sleep", 100).spawn()
            #expect(throws: TimeoutError.self) { try withTimeout(.milliseconds(1)) { try child.wait() } }
            let fiber = Fiber.spawn { try child.wait() }
            try drain()
            fiber.cancel()
            #expect(failure(of: fiber) is CancellationError)
            #expect(child.isRunning && !isGone(child.processID))
        }
    }

    @Test func `children that run when the loop ends are killed, with their groups, and reaped`() throws {
        let children = try inFiber {
            try [
                mischief("ignore-term").with(\.standardOutput, .null).spawn(),
                mischief("ignore-term").with(\.processGroup, .own).with(\.standardOutput, .null).spawn(),
                mischief("tty").with(\.terminal, .init()).spawn(),
                mischief("copy").with(\.standardInput, .pipe).spawn(),
            ]
        }
        for child in children {
            #expect(isGone(child.processID))
            #expect(throws: ClosedError.self) { try child.wait() }
            #expect(child.description.hasSuffix("ended unseen"))
            try child.kill()
        }
    }
}

/// Throws why a write has ended, however much had left.
private func wholly(_ body: () throws -> Void) throws {
    do { try body() } catch let error as PartialWriteError { throw error.cause }
}

/// Children that were killed because of another that could not be started are reaped by the loop.
private func awaitAdopted() throws {
    for _ in 0..<3 { try Fiber.sleep(for: .milliseconds(1)) }
}
