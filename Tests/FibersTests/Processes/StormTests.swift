// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite(.timeLimit(.minutes(2))) struct StormTests {
    @Test func `reliability 87: a storm of signals disturbs neither starts nor ends`() async {
        await #expect(processExitsWith: .success) {
            signal(SIGALRM) { _ in signalsTaken += 1 }
            var each = itimerval()
            each.it_interval.tv_usec = 500
            each.it_value.tv_usec = 500
            #if os(Linux)
                setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &each, nil)
            #else
                setitimer(ITIMER_REAL, &each, nil)
            #endif
            try balancing {
                for number in 0..<200 {
                    let captured = try mischief("flood", 100_000).capture()
                    #expect(captured.output.count == 100_000 && captured.isSuccess)
                    try #expect(mischief("exit", number % 256).spawn().wait() == .exited(number % 256))
                }
            }
            #expect(signalsTaken > 10)
        }
    }

    @Test func `reliability 88: a program that was just written can be run while others are started`() throws {
        let others = onThreads(2) { isOver in
            try? inFiber { while !isOver.isSet { try mischief("exit", 0).run() } }
        }
        defer { others.end() }
        try inFiber {
            let program = try File.read(FilePath(mischiefPath))
            for _ in 0..<100 {
                let file = TemporaryFile()
                let descriptor = try FileDescriptor.open(
                    FilePath(file.path), .writeOnly, options: [.create, .closeOnExec],
                    permissions: .ownerReadWriteExecute)
                try descriptor.writeAll(program)
                try descriptor.close()
                try #expect(Command(FilePath(file.path), "exit", 7).spawn().wait() == .exited(7))
            }
        }
    }

    @Test func `reliability 88: a program that somebody goes on writing is an error`() throws {
        try inFiber {
            let file = TemporaryFile()
            let writer = try FileDescriptor.open(
                FilePath(file.path), .writeOnly, options: [.create, .closeOnExec], permissions: .ownerReadWriteExecute)
            defer { try? writer.close() }
            try writer.writeAll(File.read(FilePath(mischiefPath)))
            let error = #expect(throws: IOError.self) { try Command(FilePath(file.path)).spawn() }
            #expect(error?.code == .textFileBusy && error?.operation == "spawn")
        }
    }

    @Test func `loops of several threads have children of their own`() throws {
        let others = onThreads(3) { _ in
            let statuses = try? inFiber {
                let children = try (0..<50).map { try mischief("exit", $0).spawn() }
                return try children.map { try $0.wait() }
            }
            #expect(statuses == (0..<50).map { .exited($0) })
        }
        others.end()
    }
}

nonisolated(unsafe) private var signalsTaken = 0  // of a process of one test only

private struct OtherThreads {
    let isOver: Flag
    let done: [Flag]

    /// Blocks until all have ended.
    func end() {
        isOver.set()
        while !done.allSatisfy(\.isSet) { usleep(1000) }
    }
}

private func onThreads(_ count: Int, _ body: @escaping @Sendable (Flag) -> Void) -> OtherThreads {
    let others = OtherThreads(isOver: Flag(), done: (0..<count).map { _ in Flag() })
    for done in others.done {
        detachThread {
            body(others.isOver)
            done.set()
        }
    }
    return others
}
