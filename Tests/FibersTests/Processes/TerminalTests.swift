// SPDX-License-Identifier: MIT
import Fibers
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite(.timeLimit(.minutes(2))) struct TerminalTests {
    /// Runs a test body with a child on a terminal, whose first lines have been read.
    private func withTerminal(
        _ command: Command = mischief("tty").with(\.terminal, .init(columns: 100, rows: 30)),
        _ body: (ChildProcess, Fibers.PseudoTerminal, BufferedReader) throws -> Void
    ) throws {
        try inFiber {
            let child = try command.spawn()
            let terminal = try #require(child.terminal)
            try body(child, terminal, BufferedReader(terminal))
        }
    }

    private func greeting(_ reader: BufferedReader) throws -> [String?] {
        try (0..<3).map { _ in try reader.readLine() }
    }

    @Test func `reliability 84: the terminal is the child's own, and has the size that was asked for`() throws {
        try withTerminal { child, terminal, reader in
            try #expect(greeting(reader) == ["terminals", "controlling", "size 100x30"])
            #expect(child.standardInput == nil && child.standardOutput == nil)
            #expect(terminal.description.contains("tty"))
        }
    }

    @Test func `reliability 84: a new size is told by SIGWINCH`() throws {
        try withTerminal { _, terminal, reader in
            _ = try greeting(reader)
            try terminal.resize(to: .init(columns: 132, rows: 50))
            try #expect(reader.readLine() == "size 132x50")
        }
    }

    @Test func `reliability 84: Ctrl-C interrupts, and reaches no one else`() throws {
        try withTerminal { child, terminal, reader in
            _ = try greeting(reader)
            try terminal.write([3])
            try #expect(reader.readLine() == "interrupted")
            #expect(child.isRunning)
        }
    }

    @Test func `reliability 84: what is written is read as typed, until Ctrl-D`() throws {
        try withTerminal { child, terminal, reader in
            _ = try greeting(reader)
            try terminal.write("typed\n")
            try #expect(reader.readLine() == "line typed")
            try terminal.closeWrite()
            try #expect(reader.readLine() == "end of input")
            try #expect(reader.readLine() == nil)
            try #expect(child.wait() == .exited(0))
        }
    }

    @Test func `reliability 84: the last bytes are read after the exit, and then the end, every time`() throws {
        try withTerminal(mischief("tty", 3000).with(\.terminal, .init())) { child, terminal, reader in
            _ = try greeting(reader)
            try terminal.closeWrite()
            try child.wait()
            try #expect(reader.readLine() == "end of input")
            try #expect(reader.readToEnd().count == 3000)
            for _ in 0..<3 { try #expect(terminal.read().isEmpty) }
        }
    }

    @Test func `reliability 84: much output passes a terminal`() throws {
        try inFiber {
            let child = try mischief("flood", 1 << 20).with(\.terminal, .init()).spawn()
            let output = try #require(child.terminal)
            try #expect(output.readAll().count == 1 << 20)
            try #expect(child.wait() == .exited(0))
        }
    }

    @Test func `reliability 84: to hang up ends the child`() throws {
        try withTerminal { child, terminal, reader in
            _ = try greeting(reader)
            terminal.close()
            #expect(terminal.isClosed && !terminal.isReadable && !terminal.isWritable)
            try #expect(child.wait() == .signaled(.hangup))
            #expect(failure { try terminal.resize(to: .init()) } is ClosedError)
        }
    }

    @Test func `a stream that leads elsewhere is not the terminal`() throws {
        try inFiber {
            let command = mischief("tty").with(\.terminal, .init()).with(\.standardError, .pipe)
            let child = try command.spawn()
            let reader = BufferedReader(try #require(child.terminal))
            try #expect(reader.readLine() == "no terminals")
            #expect(child.standardError != nil)
            try child.stop(graceful: .zero)
        }
    }

    @Test func `a terminal's child leads its own session and group`() throws {
        try inFiber {
            let command = mischief("ids").with(\.terminal, .init()).with(\.standardOutput, .pipe)
            let child = try command.spawn()
            let lines = Array(BufferedReader(try #require(child.standardOutput)).lines())
            #expect(lines.contains("leads-session 1") && lines.contains("leads-group 1"))
        }
    }

    @Test func `reliability 84: terminals leave no descriptor`() async {
        await #expect(processExitsWith: .success) {
            try balancing {
                for _ in 0..<100 {
                    let child = try mischief("exit", 3).with(\.terminal, .init()).spawn()
                    try #expect(child.terminal?.readAll() == [])
                    try #expect(child.wait() == .exited(3))
                    let failing = Command("no-such-program").with(\.terminal, .init())
                    #expect(throws: IOError.self) { try failing.spawn() }
                }
            }
        }
    }

    @Test func `a size that no terminal has is refused`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Command.TerminalSize(columns: 70_000)
        }
        #expect(trapSaid("no terminal is 70000x24", result))
    }
}
