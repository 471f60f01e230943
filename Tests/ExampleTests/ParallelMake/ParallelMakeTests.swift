// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct ParallelMakeTests {
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
}

/// Runs what a makefile says.
func make(_ options: String..., with makefile: String? = nil, in folder: FilePath) throws -> Ended {
    if let makefile { try folder.write(makefile, to: "Makefile") }
    return try Ended(command("ParallelMake", options, in: folder))
}
