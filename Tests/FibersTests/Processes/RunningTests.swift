// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct RunningTests {
    private let copy = mischief("copy")
    private static let bytes = [UInt8]((0..<500_000).map { UInt8(truncatingIfNeeded: $0 / 7) })

    @Test func `PR1: run returns when the program has ended well, and throws if it has not`() throws {
        try inFiber {
            try mischief("exit", 0).run()
            for (command, status) in [
                (mischief("exit", 1), ExitStatus.exited(1)), (mischief("die", 9), .signaled(.kill)),
            ] {
                let error = #expect(throws: ProcessFailedError.self) { try command.run() }
                #expect(error?.status == status && error?.command.description == command.description)
                #expect(error?.description == "failed process: \(command) \(status)")
            }
        }
    }

    @Test func `PR1: run gives the program our streams`() async {
        let result = await #expect(
            processExitsWith: .success, observing: [\.standardOutputContent, \.standardErrorContent]
        ) {
            try inFiber { try Command("sh", "-c", "echo to output; echo to errors >&2").run() }
        }
        let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        #expect(output.contains("to output"))
        #expect(errorOutput(of: result).contains("to errors"))
    }

    @Test func `PR6: all bytes have been moved when run returns`() throws {
        try inFiber {
            let output = MemoryStream()
            try copy.run(from: MemoryStream(Self.bytes), to: output)
            #expect(output.written == Self.bytes)
        }
    }

    @Test func `PR6: bytes come from one connection and go to another`() throws {
        try inFiber {
            let (source, sourceEnd) = try connectedPair()
            let (target, targetEnd) = try connectedPair()
            let writer = Fiber.spawn {
                try sourceEnd.write(Self.bytes)
                try sourceEnd.closeWrite()
            }
            let reader = spawnReadingAll(targetEnd)
            try copy.run(from: source, to: target)
            target.close()
            try #expect(reader.fetch() == Self.bytes)
            try writer.wait()
        }
    }

    @Test func `PR6: a source that has nothing to say does not hold up the end, and keeps what it gets later`() throws {
        try inFiber {
            let (source, sourceEnd) = try connectedPair()
            try mischief("exit", 0).run(from: source)
            try sourceEnd.write("later")
            try #expect(source.readText() == "later")
        }
    }

    @Test func `PR6: what a stream throws ends the program and comes out`() throws {
        try inFiber {
            let failing = FailingSink()
            #expect(failure { try Command("yes").run(to: failing) } as? Failure === failing.failure)
            #expect(failure { try Command("sleep", 100).run(from: failing) } as? Failure === failing.failure)
        }
    }

    @Test(arguments: [0, 1, 65_536, 65_537, 1 << 20]) func `bytes given as input arrive`(count: Int) throws {
        try inFiber {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            try #expect(copy.with(\.standardInput, .bytes(bytes)).output() == bytes)
        }
    }

    @Test func `PR9: output is complete, and lost if the status is bad`() throws {
        try inFiber {
            try #expect(mischief("flood", 1 << 20).output().count == 1 << 20)
            #expect(throws: ProcessFailedError.self) { try Command("sh", "-c", "echo x; exit 1").output() }
            let captured = try Command("sh", "-c", "echo x; echo y >&2; exit 1").capture()
            #expect(captured.output == Array("x\n".utf8) && captured.errors == Array("y\n".utf8))
            #expect(!captured.isSuccess && captured.results.map(\.status) == [.exited(1)])
        }
    }

    @Test func `PR9: lines are without their ends`() throws {
        try inFiber {
            try #expect(Command("printf", "a\\n\\nb\\r\\nc").lines() == ["a", "", "b", "c"])
            try #expect(mischief("exit", 0).lines() == [])
            try #expect(Command("printf", "\\377\\n").lines() == ["\u{FFFD}"])
            #expect(throws: ProcessFailedError.self) { try mischief("exit", 1).lines() }
        }
    }

    @Test func `the result tells what a program has used`() throws {
        try inFiber {
            let spinning = try mischief("spin", 50).capture().results[0].usage
            #expect(spinning.userTime + spinning.systemTime >= .milliseconds(40))
            #expect(spinning.wallTime >= spinning.userTime - .milliseconds(10))
            let touching = try mischief("touch", 50 << 20).capture().results[0].usage
            #expect(touching.peakMemory >= 50 << 20)
            let sleeping = try mischief("exit", 0, 50).capture().results[0].usage
            #expect(sleeping.wallTime >= .milliseconds(50))
        }
    }

    @Test func `statuses say how it was`() {
        #expect("\(ExitStatus.exited(3))" == "exited with status 3")
        #expect("\(ExitStatus.signaled(.kill))" == "ended by signal 9")
        #expect(ExitStatus.exited(0).isSuccess && !ExitStatus.exited(1).isSuccess)
        #expect(!ExitStatus.signaled(.terminate).isSuccess)
    }
}

/// Neither reads nor writes.
private final class FailingSink: ByteStream {
    let failure = Failure("of the stream")
    let isClosed = false
    let isReadable = true
    let isWritable = true

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int { throw failure }
    func write(_ bytes: UnsafeRawBufferPointer) throws { throw failure }
    func closeWrite() {}
    func close() {}
}
