// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct SupervisorEndTests {
    @Test(arguments: [("exit 3", 3), ("kill -KILL $$", 137)])
    func `when one fails the others are stopped, and its status is that of all`(end: String, status: Int) throws {
        try inNewFolder { folder in
            let lifeline = try Lifeline("lifeline", in: folder)
            try folder.makeGate("go")
            try folder.write(programWithStubbornChild, to: "program")
            try folder.write("lives: sh program\nfails: sh -c 'cat go; \(end)'", to: "Procfile")
            let process = try command("Supervisor", ["--patience", "0.05"], in: folder).with(\.standardOutput, .null)
                .spawn()
            try #expect(Set([lifeline.next(), lifeline.next()]) == ["child", "grandchild"])
            try folder.openGate("go")
            try #expect(lifeline.next() == nil)
            try #expect(process.wait() == .exited(status))
        }
    }

    @Test func `a program that succeeded starts again if it always does, until somebody asks for the end`() throws {
        try inNewFolder { folder in
            try folder.write("a: echo x", to: "Procfile")
            let process = try command("Supervisor", ["--restart", "always", "--back-off", "0.001"], in: folder)
                .with(\.standardOutput, .pipe).spawn()
            let reader = BufferedReader(try #require(process.standardOutput))
            var starts = 0
            while starts < 3, let line = try reader.readLine() { starts += line == "a * starts" ? 1 : 0 }
            try process.kill(.terminate)
            #expect(String(decoding: try reader.readToEnd(), as: UTF8.self).contains("* signal 15: stopping all\n"))
            try #expect(process.wait() == .exited(0))
        }
    }

    /// Runs a program that does not end when it is asked to, and hands the supervisor to `body`.
    private func withStubborn(_ options: String..., body: (ChildProcess, Lifeline) throws -> Void) throws {
        try inNewFolder { folder in
            let lifeline = try Lifeline("lifeline", in: folder)
            try folder.write(programWithStubbornChild, to: "program")
            try folder.write("a: sh program\nb: sleep 1000", to: "Procfile")
            let process = try command("Supervisor", options, in: folder).with(\.terminal, Command.TerminalSize())
                .spawn()
            try #expect(Set([lifeline.next(), lifeline.next()]) == ["child", "grandchild"])
            try body(process, lifeline)
        }
    }

    @Test func `Ctrl-C stops all, and kills after a while who is left, grandchildren too`() throws {
        try withStubborn("--patience", "0.05") { process, lifeline in
            try process.terminal?.write("\u{3}")
            try #expect(lifeline.next() == nil)
            try #expect(process.wait() == .exited(0))
        }
    }

    @Test func `a second Ctrl-C kills at once`() throws {
        try withStubborn("--patience", "1000") { process, lifeline in
            let terminal = BufferedReader(try #require(process.terminal))
            try process.terminal?.write("\u{3}")
            while let line = try terminal.readLine(), !line.hasSuffix("stopping all") {}
            try process.terminal?.write("\u{3}")
            try #expect(lifeline.next() == nil)
            try #expect(process.wait() == .exited(130))
        }
    }

    @Test func `when the terminal goes away, nobody is left`() throws {
        try withStubborn("--patience", "0.05") { process, lifeline in
            process.terminal?.close()
            try #expect(lifeline.next() == nil)
            try process.wait()
        }
    }

    @Test func `a program that has ended leaves nobody behind, and the others go on`() throws {
        try inNewFolder { folder in
            let lifeline = try Lifeline("lifeline", in: folder)
            for gate in ["leave", "go"] { try folder.makeGate(gate) }
            try folder.write(programWithStubbornChild.replacing("wait", with: "cat leave"), to: "program")
            try folder.write("leaves: sh program\ngoes-on: cat go", to: "Procfile")
            let process = try command("Supervisor", ["--patience", "0.05"], in: folder).with(\.standardOutput, .null)
                .spawn()
            try #expect(Set([lifeline.next(), lifeline.next()]) == ["child", "grandchild"])
            try folder.openGate("leave")
            try #expect(lifeline.next() == nil)
            #expect(process.isRunning)
            try folder.openGate("go")
            try #expect(process.wait() == .exited(0))
        }
    }

    /// Runs a program that writes without end, and does not end when it is asked to.
    private func withFlood(body: (ChildProcess, DescriptorStream) throws -> Void) throws {
        try inNewFolder { folder in
            let lifeline = try Lifeline("lifeline", in: folder)
            let flood = "while :; do echo flood; done"
            try folder.write(programWithStubbornChild.replacing("wait", with: flood), to: "program")
            try folder.write("a: sh program", to: "Procfile")
            let process = try command("Supervisor", ["--patience", "0.05"], in: folder)
                .with(\.standardOutput, .pipe).with(\.standardError, .null).spawn()
            try #expect(Set([lifeline.next(), lifeline.next()]) == ["child", "grandchild"])
            try body(process, #require(process.standardOutput))
            try #expect(lifeline.next() == nil)
        }
    }

    @Test func `when nobody takes the output any more, nobody is left`() throws {
        try withFlood { process, output in
            output.close()
            try #expect(process.wait() == .exited(1))
        }
    }

    @Test func `who does not take the output does not keep the end from coming`() throws {
        try withFlood { process, _ in
            try process.kill(.terminate)
            try #expect(process.wait() == .exited(0))
        }
    }
}
