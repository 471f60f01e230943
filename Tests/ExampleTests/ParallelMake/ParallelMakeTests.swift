// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct ParallelMakeTests {
    private func command(_ options: [String], in folder: FilePath) -> Command {
        Command(example("ParallelMake"), arguments: options).with(\.workingDirectory, folder)
    }

    private func make(_ options: String..., in folder: FilePath) throws -> Ended { try Ended(command(options, in: folder)) }

    private func make(_ options: String..., with makefile: String, in folder: FilePath) throws -> Ended {
        try folder.write(makefile, to: "Makefile")
        return try Ended(command(options, in: folder))
    }

    private let copies = """
        all: one two
        one: source
        \tcp $< $@
        two: one other
        \tcat $^ >$@

        """

    @Test func `what is missing or older than its prerequisites is made, and nothing else`() throws {
        try inNewFolder { folder in
            for name in ["source", "other"] { try folder.write(name, to: name) }
            let first = try make(with: copies, in: folder)
            #expect(first.status == .exited(0))
            #expect(first.lines == ["cp source one", "cat one other >two"])
            try #expect(folder.text(of: "two") == "sourceother")
            try #expect(make(in: folder).output == "up to date: all\n")
            try Command("touch", "-d", "2 seconds", folder.appending("other")).run()
            try #expect(make("-n", in: folder).lines == ["cat one other >two"])
            try Command("touch", "-d", "2 seconds", folder.appending("source")).run()
            let dry = try make("-n", in: folder)
            #expect(dry.lines == ["cp source one", "cat one other >two"])
            try Command("rm", folder.appending("one")).run()
            try #expect(make("one", in: folder).lines == ["cp source one"])
        }
    }

    @Test func `a dry run makes nothing`() throws {
        try inNewFolder { folder in
            let ended = try make("-n", with: "all: a\na:\n\t@echo x >a\n", in: folder)
            #expect(ended.status == .exited(0))
            #expect(ended.output == "echo x >a\n")
            try #expect(!File.exists(folder.appending("a")))
        }
    }

    @Test func `what several need is made once`() throws {
        try inNewFolder { folder in
            let makefile = "all: a b c\na b c: shared\n\t@echo $@ >>log\nshared:\n\t@echo $@ >>log\n"
            try #expect(make("-j", "4", with: makefile, in: folder).status == .exited(0))
            let lines = try folder.text(of: "log").split(separator: "\n")
            #expect(lines.first == "shared")
            #expect(lines.sorted() == ["a", "b", "c", "shared"])
        }
    }

    @Test func `what is phony is made each time, whatever files there are`() throws {
        try inNewFolder { folder in
            try folder.write("", to: "clean")
            for _ in 1...2 {
                let ended = try make("clean", with: ".PHONY: clean\nclean:\n\t@echo cleaned\n", in: folder)
                #expect(ended.output == "cleaned\n")
            }
        }
    }

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
            let process = try command(["-j2"], in: folder).with(\.standardOutput, .pipe).spawn()
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

    @Test func `a file that a failing recipe did not touch stays`() throws {
        try inNewFolder { folder in
            try folder.write("old", to: "a")
            try Command("touch", "-d", "2 seconds", folder.appending("newer")).run()
            let ended = try make(with: "a: newer\n\t@exit 1\n", in: folder)
            #expect(ended.lines == ["*** Makefile:2: a exited with status 1"])
            try #expect(folder.text(of: "a") == "old")
        }
    }

    @Test func `a line may fail if it says so`() throws {
        let ended = try inNewFolder { try make(with: "a:\n\t-@exit 1\n\t@echo on\n", in: $0) }
        #expect(ended.status == .exited(0))
        #expect(ended.lines == ["*** Makefile:2: a exited with status 1, ignored", "on"])
    }

    @Test(arguments: [
        ("a: b\nb: c d\nc: b\nd:\n", "a cycle: b needs c needs b"), ("a: a\n", "a cycle: a needs a"),
        ("a: b\n\techo\n", "no rule to make b, needed by a"), ("# nothing\n", "Makefile has no rules"),
        ("a:\n\t@echo $(NOWHERE_SET)\n", "Makefile:2: $(NOWHERE_SET) is not set"),
        ("a b\n", "Makefile:1: this is no rule, no variable, and no line of a recipe, which begins with a tab"),
    ])
    func `what cannot be made is explained before anything runs`(makefile: String, message: String) throws {
        let ended = try inNewFolder { try make(with: makefile, in: $0) }
        #expect(ended.status == .exited(2))
        #expect(ended.output == "")
        #expect(ended.errors == "*** \(message)\n")
    }

    /// Runs a recipe that does not end when it is asked to, has half made its target, and has a child like it.
    private func withStubborn(_ options: String..., body: (ChildProcess, Lifeline) throws -> Void) throws {
        try inNewFolder { folder in
            let lifeline = try Lifeline("lifeline", in: folder)
            try folder.write(programWithStubbornChild, to: "program")
            try folder.write("all: target other\ntarget:\n\techo half >$@; sh program\nother:\n\tsleep 1000", to: "Makefile")
            let process = try command(options + ["-j2"], in: folder).with(\.terminal, Command.TerminalSize()).spawn()
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
            try process.terminal?.write("\u{3}")
            while process.isRunning {
                try Fiber.sleep(for: .milliseconds(5))
                try process.terminal?.write("\u{3}")
            }
        }
    }
}
