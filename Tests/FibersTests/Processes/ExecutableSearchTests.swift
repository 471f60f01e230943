// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct ExecutableSearchTests {
    @Test func `reliability 80: the child's PATH counts, not ours`() throws {
        try inFiber {
            let folder = try Programs("own-program")
            let command = Command("own-program")
            #expect(throws: IOError.self) { try command.run() }
            try #expect(command.with(\.environment, .adding(["PATH": folder.path])).text() == "own-program\n")
            try #expect(command.with(\.environment, .only(["PATH": folder.path])).text() == "own-program\n")
            #expect(throws: IOError.self) {
                try Command("sh").with(\.environment, .adding(["PATH": folder.path])).run()
            }
        }
    }

    @Test func `reliability 80: folders are searched in their order`() throws {
        try inFiber {
            let (first, second) = (try Programs("program"), try Programs("program", "other", saying: "second"))
            let path = Command.Environment.adding(["PATH": "/no/such/folder:\(first.path)/:\(second.path)"])
            try #expect(Command("program").with(\.environment, path).text() == "program\n")
            try #expect(Command("other").with(\.environment, path).text() == "second\n")
        }
    }

    @Test(arguments: ["", ".", ":", "./:.", "bin", ":/no/such/folder", "..:."])
    func `reliability 80: the current folder is never searched`(path: String) throws {
        try inFiber {
            let folder = try Programs("program")
            let command = Command("program").with(\.workingDirectory, FilePath(folder.path))
                .with(\.environment, .adding(["PATH": path]))
            let error = #expect(throws: IOError.self) { try command.run() }
            #expect(error?.code == .noSuchFileOrDirectory)
        }
    }

    @Test func `reliability 80: a relative path starts at the child's folder`() throws {
        try inFiber {
            let folder = try Programs("program")
            try #expect(Command("./program").with(\.workingDirectory, FilePath(folder.path)).text() == "program\n")
            #expect(throws: IOError.self) { try Command("./program").run() }
        }
    }

    @Test func `reliability 80: without a PATH there is a default one`() throws {
        try inFiber { try #expect(Command("echo", "x").with(\.environment, .only([:])).text() == "x\n") }
    }

    @Test func `reliability 80: what may not be run is passed over if there is another`() throws {
        try inFiber {
            let (good, bad) = (try Programs("program"), try Programs("program", "sole", mode: 0o644))
            try #require(mkdir("\(bad.path)/folder", 0o755) == 0)
            defer { rmdir("\(bad.path)/folder") }
            let path = Command.Environment.adding(["PATH": "\(bad.path):\(good.path)"])
            try #expect(Command("program").with(\.environment, path).text() == "program\n")
            for program in ["sole", "folder"] {
                let error = #expect(throws: IOError.self) { try Command(program).with(\.environment, path).run() }
                #expect(error?.code == .permissionDenied && error?.subject == program)
            }
        }
    }

    @Test func `reliability 79: a file that is no program is an error, and never handed to a shell`() throws {
        try inFiber {
            let folder = try Programs("script", line: "echo shell")
            for command in [
                Command(FilePath(folder.path).appending("script")),
                Command("script").with(\.environment, .adding(["PATH": folder.path + ":/bin"])),
            ] {
                let error = #expect(throws: IOError.self) { try command.run() }
                #expect(error?.code == .execFormatError)
            }
        }
    }

    @Test func `the program is called by the name that was given`() throws {
        try inFiber {
            try #expect(Command("sh", "-c", "echo $0").text() == "sh\n")
            try #expect(Command("/bin/sh", "-c", "echo $0").text() == "/bin/sh\n")
        }
    }
}

/// A folder with scripts, each of which says its name.
private final class Programs {
    let path: String
    private let names: [String]

    init(_ names: String..., saying text: String? = nil, line: String? = nil, mode: mode_t = 0o755) throws {
        self.names = names
        path = TemporaryFile().path
        try #require(mkdir(path, 0o755) == 0)
        for name in names {
            let script = line ?? "#!/bin/sh\necho \(text ?? name)\n"
            try File.write(script.utf8, to: FilePath("\(path)/\(name)"))
            try #require(chmod("\(path)/\(name)", mode) == 0)
        }
    }

    deinit {
        for name in names { unlink("\(path)/\(name)") }
        rmdir(path)
    }
}
