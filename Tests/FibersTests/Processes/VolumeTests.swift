// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

@testable import Fibers

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Much output, and much input.
@Suite struct VolumeTests {
    private static let gibibyte = 1 << 30

    @Test func `reliability 72: a child whose output nobody reads waits, and costs us nothing`() async {
        await #expect(processExitsWith: .success) {
            try balancing {
                let child = try mischief("flood", Self.gibibyte).with(\.standardOutput, .pipe).spawn()
                let before = peakMemory()
                let output = try #require(child.standardOutput)
                let isFull = try timedWait(timeout: .seconds(20), pollInterval: .milliseconds(1)) {
                    waitingBytes(output.poll.descriptor) >= 65_536
                }
                #expect(isFull == .ok && child.isRunning)
                #expect(peakMemory() - before <= 1 << 20)
                try child.kill()
                try #expect(child.wait() == .signaled(.terminate))
                output.close()
            }
        }
    }

    @Test func `reliability 73: a capture stops at its limit, and so does the program`() async {
        await #expect(processExitsWith: .success) {
            try balancing {
                let before = peakMemory()
                let captured = try mischief("flood", Self.gibibyte).capture(limit: 1 << 20)
                #expect(captured.output.count == 1 << 20 && captured.isTruncated && !captured.isCutOff)
                #expect(captured.results.map(\.status) == [.signaled(.kill)])
                #expect(peakMemory() - before < 32 << 20)
            }
        }
    }

    @Test func `PR9: reliability 73: output beyond its limit is an error`() throws {
        try inFiber {
            #expect(throws: LimitExceededError.self) { try mischief("flood", Self.gibibyte).output(limit: 1000) }
            try #expect(mischief("flood", 1000).output(limit: 1000).count == 1000)
            #expect(throws: LimitExceededError.self) { try mischief("flood", 1001).lines(limit: 1000) }
        }
    }

    @Test(arguments: [0, 1, 999, 1000])
    func `reliability 73: a capture of as much as the limit is whole`(limit: Int) throws {
        try inFiber {
            for stream in [[], ["err"]] {
                let whole = try Command(mischiefPath, arguments: ["flood", limit] + stream).capture(limit: limit)
                #expect((whole.output + whole.errors).count == limit && !whole.isTruncated && whole.isSuccess)
                let cut = try Command(mischiefPath, arguments: ["flood", limit + 1] + stream).capture(limit: limit)
                #expect((cut.output + cut.errors).count == limit && cut.isTruncated)
            }
        }
    }

    @Test func `PR16: reliability 74: output, errors and input larger than a pipe, all at once`() throws {
        try inFiber {
            let input = [UInt8]((0..<200_000).map { UInt8(truncatingIfNeeded: $0) })
            let command = mischief("alternate", 65_537).with(\.standardInput, .bytes(input))
            for _ in 0..<100 {
                let captured = try command.capture()
                #expect(captured.output.count == 65_537 + input.count && captured.errors.count == 65_537)
                #expect(captured.output.suffix(input.count).elementsEqual(input))
                #expect(captured.isSuccess)
            }
        }
    }

    @Test func `PR16: 2 MiB are written to a program from one fiber while another reads them`() throws {
        try inFiber {
            let input = [UInt8](repeating: 7, count: 2 << 20)
            let output = try mischief("copy").open(.readWrite) { copy in
                Fiber.spawn {
                    try copy.write(input)
                    copy.closeWrite()
                }
                return try copy.readAll()
            }
            #expect(output == input)
        }
    }

    @Test func `reliability 75: a program that does not want its input ends as it likes`() throws {
        try inFiber {
            let input = [UInt8](repeating: 1, count: 10 << 20)
            let command = mischief("close-input", 1)
            try #expect(command.with(\.standardInput, .bytes(input)).text() == "closed\n")
            try command.run(from: MemoryStream(input), to: MemoryStream())
        }
    }

    @Test func `reliability 75: who feeds a program by hand learns that it has closed its input`() throws {
        try inFiber {
            let child = try mischief("close-input", 50).with(\.standardInput, .pipe)
                .with(\.standardOutput, .pipe).spawn()
            try child.firstLine()
            let error = failure { try child.standardInput?.write([UInt8](repeating: 1, count: 10 << 20)) }
            #expect((error as? IOError)?.code == .brokenPipe)
            try #expect(child.wait() == .exited(0))
        }
    }
}

/// The most memory that this process had at once, in bytes.
private func peakMemory() -> Int {
    var usage = rusage()
    #if os(Linux)
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    #else
        getrusage(RUSAGE_SELF, &usage)
        return usage.ru_maxrss
    #endif
}

private func waitingBytes(_ descriptor: CInt) -> CInt {
    var count: CInt = 0
    _ = ioctl(descriptor, UInt(FIONREAD), &count)
    return count
}
