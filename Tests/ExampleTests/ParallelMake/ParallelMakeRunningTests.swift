// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct ParallelMakeRunningTests {
    @Test func `recipes run at once, and the first to begin streams while the output of others is kept`() throws {
        try inNewFolder { folder in
            for gate in ["first", "second"] { try folder.makeGate(gate) }
            let makefile = """
                all: a b
                a:
                \t@echo a begins; cat first; echo a ends
                b:
                \t@echo b begins; echo >first; echo b ends

                """
            try folder.write(makefile.replacing("echo >first", with: "cat second; echo >first"), to: "Makefile")
            let process = try command("ParallelMake", ["-j2"], in: folder).with(\.standardOutput, .pipe).spawn()
            let output = BufferedReader(try #require(process.standardOutput))
            try #expect(output.readLine() == "a begins")
            try folder.openGate("second")
            try #expect(output.readToEnd() == Array("\na ends\nb begins\nb ends\n".utf8))
            try #expect(process.wait().isSuccess)
        }
    }

    @Test(arguments: [1, 2, 3])
    func `no more recipes run at once than allowed`(limit: Int) throws {
        try inNewFolder { folder in
            let makefile = "all: 1 2 3 4 5 6 7 8\n1 2 3 4 5 6 7 8:\n\t@echo 1 >>log\n\t@sleep 0.01; echo -1 >>log\n"
            try #expect(make("-j", "\(limit)", with: makefile, in: folder).status == .exited(0))
            var running = 0
            let counts = try folder.text(of: "log").split(separator: "\n").map { line in
                running += Int(line) ?? 0
                return running
            }
            #expect(counts.count == 16)
            #expect(counts.allSatisfy { $0 <= limit })
        }
    }

    @Test func `after a failure nothing begins, what runs is finished, and the status is 2`() throws {
        try inNewFolder { folder in
            try folder.makeGate("gate")
            let makefile = """
                all: fails runs later
                fails:
                \t@echo half >$@; cat gate; exit 3
                runs:
                \t@: >gate; sleep 0.05; echo made >$@
                later needs: fails runs
                \t@echo never

                """
            let ended = try make("-j2", with: makefile, in: folder)
            #expect(ended.status == .exited(2))
            #expect(ended.lines == ["*** Makefile:3: fails exited with status 3", "*** removed fails"])
            #expect(ended.errors == "*** not made: fails later all\n")
            try #expect(!File.exists(folder.appending("fails")))
            try #expect(folder.text(of: "runs") == "made\n")
        }
    }

    @Test func `with -k all is made that does not need what failed`() throws {
        try inNewFolder { folder in
            let makefile = "all: a b\na: fails\n\techo never\nfails:\n\t@kill -9 $$$$\nb: c\n\t@echo b\nc:\n\t@echo c\n"
            try #expect(make("-j1", with: makefile, in: folder).output == "*** Makefile:5: fails ended by signal 9\n")
            let ended = try make("-j1", "-k", with: makefile, in: folder)
            #expect(ended.status == .exited(2))
            #expect(ended.lines == ["*** Makefile:5: fails ended by signal 9", "c", "b"])
            #expect(ended.errors == "*** not made: fails a all\n")
        }
    }

    /// Runs a recipe that does not end when it is asked to, has half made its target, and has a child like it.
    private func withStubborn(_ options: String..., body: (ChildProcess, Lifeline) throws -> Void) throws {
        try inNewFolder { folder in
            let lifeline = try Lifeline("lifeline", in: folder)
            try folder.write(programWithStubbornChild, to: "program")
            let makefile = "all: target other\ntarget:\n\techo half >$@; sh program\nother:\n\tsleep 1000"
            try folder.write(makefile, to: "Makefile")
            let process = try command("ParallelMake", options + ["-j2"], in: folder)
                .with(\.terminal, Command.TerminalSize()).spawn()
            try #expect(Set([lifeline.next(), lifeline.next()]) == ["child", "grandchild"])
            try body(process, lifeline)
            try #expect(lifeline.next() == nil)
            try #expect(process.wait() == .exited(130))
            try #expect(!File.exists(folder.appending("target")))
        }
    }

    @Test func `Ctrl-C stops what runs, with all its children, and removes what is half made`() throws {
        try withStubborn("--patience", "0.05") { process, _ in try process.terminal?.write("\u{3}") }
    }

    @Test func `a second Ctrl-C kills at once`() throws {
        try withStubborn("--patience", "1000") { process, _ in
            let terminal = BufferedReader(try #require(process.terminal))
            try process.terminal?.write("\u{3}")
            while let line = try terminal.readLine(), !line.hasSuffix("stopping what runs") {}
            try process.terminal?.write("\u{3}")
        }
    }
}
