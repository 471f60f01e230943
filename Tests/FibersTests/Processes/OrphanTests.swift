// SPDX-License-Identifier: MIT
import Fibers
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Programs that leave others behind, which have their streams open.
@Suite struct OrphanTests {
    /// Exits at once and leaves a program behind for ten seconds.
    private static let holder = mischief("hold", 10).with(\.patience, .milliseconds(50))
        .with(\.standardInput, .null).with(\.standardError, .null)

    @Test func `reliability 69: a capture waits no longer than its patience for who was left behind`() throws {
        try inFiber {
            let time = try measure {
                let captured = try Self.holder.with(\.standardError, .inherit).capture()
                #expect(String(decoding: captured.output, as: UTF8.self) == "begun\n")
                #expect(captured.isCutOff && !captured.isTruncated && captured.isSuccess)
            }
            #expect(time >= .milliseconds(50) && time < .seconds(8))
        }
    }

    @Test func `reliability 69: output and run return what there was before`() throws {
        try inFiber {
            try #expect(Self.holder.text() == "begun\n")
            let output = MemoryStream()
            try Self.holder.run(to: output)
            #expect(output.written == Array("begun\n".utf8))
        }
    }

    @Test func `W8: reliability 69: wait and run know nothing of who was left behind`() throws {
        try inFiber {
            let time = try measure {
                try Self.holder.with(\.standardOutput, .pipe).spawn().wait()
                try Self.holder.with(\.standardOutput, .null).run()
            }
            #expect(time < .seconds(8))
        }
    }

    @Test func `reliability 69: who was left behind and does not read holds up no feeder`() throws {
        try inFiber {
            let (ours, theirs) = MemoryStream.makePair()
            let writer = Fiber.spawn { while true { try ours.write([UInt8](repeating: 1, count: 65_536)) } }
            let time = try measure {
                try Self.holder.with(\.standardInput, .inherit).run(from: theirs, to: MemoryStream())
            }
            #expect(time < .seconds(8))
            writer.cancel()
            _ = failure(of: writer)
        }
    }

    @Test func `reliability 69: bytes that who was left behind does not read are dropped with the child`() async {
        await #expect(processExitsWith: .success) {
            try balancing {
                let bytes = [UInt8](repeating: 1, count: 1 << 20)
                try #expect(Self.holder.with(\.standardInput, .bytes(bytes)).text() == "begun\n")
                try Self.holder.with(\.standardInput, .bytes(bytes)).with(\.standardOutput, .null).run()
                try Self.holder.with(\.standardInput, .bytes(bytes)).with(\.standardOutput, .null).spawn().wait()
            }
        }
    }

    @Test func `reliability 69: a flood from who was left behind ends with the patience`() throws {
        try inFiber {
            let flood = Command("sh", "-c", "yes & exit 0").with(\.patience, .milliseconds(20))
            let time = try measure {
                let captured = try flood.with(\.standardError, .null).capture(limit: 1000)
                #expect(captured.output.count == 1000 && captured.isTruncated && captured.isCutOff)
            }
            #expect(time < .seconds(8))
        }
    }

    @Test func `PR6: a slow sink gets all that the program wrote, however little the patience`() throws {
        try inFiber {
            let sink = SlowSink()
            try mischief("flood", 200_000).with(\.patience, .zero).run(to: sink)
            #expect(sink.count == 200_000)
        }
    }

    @Test func `reliability 70: to kill the group ends all but who has left it`() throws {
        try inFiber {
            let tree = try mischief("tree").with(\.standardOutput, .pipe).with(\.processGroup, .own).spawn()
            let members = try numbers(in: tree.firstLine())
            defer { for process in members[2...] { kill(pid_t(process), SIGKILL) } }
            try tree.kill(.kill, wholeGroup: true)
            try #expect(tree.wait() == .signaled(.kill))
            try waitUntilGone(members[1])
            #expect(!isGone(members[2]) && !isGone(members[3]))
        }
    }

    @Test func `PR11: reliability 70: a kill reaches the process only, not what it has started`() throws {
        try inFiber {
            let tree = try mischief("tree").with(\.standardOutput, .pipe).spawn()
            let members = try numbers(in: tree.firstLine())
            defer { for process in members[1...] { kill(pid_t(process), SIGKILL) } }
            try tree.kill(.kill)
            try tree.wait()
            for process in members[1...] { #expect(!isGone(process)) }
            #expect(throws: ArgumentError.self) { try tree.kill(wholeGroup: true) }
        }
    }

    @Test func `reliability 70: a call that ends early ends the group that its program leads`() throws {
        try inFiber {
            let (ours, theirs) = MemoryStream.makePair()
            let run = Fiber.spawn { try mischief("tree").with(\.processGroup, .own).run(to: theirs) }
            let members = try numbers(in: BufferedReader(ours).readLine())
            defer { for process in members[2...] { kill(pid_t(process), SIGKILL) } }
            run.cancel()
            #expect(failure(of: run) is CancellationError)
            #expect(isGone(members[0]))
            try waitUntilGone(members[1])
        }
    }
}

/// Takes its time with each write.
private final class SlowSink: ByteSink {
    private(set) var count = 0

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        try Fiber.sleep(for: .milliseconds(5))
        count += bytes.count
    }
}
