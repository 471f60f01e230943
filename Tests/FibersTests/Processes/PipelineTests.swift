// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct PipelineTests {
    private let copy = mischief("copy")

    @Test func `PR5: what one writes the next one reads`() throws {
        try inFiber {
            let words = Command("printf", "b\\na\\nb\\n")
            try #expect(
                (words | Command("sort") | Command("uniq", "-c")).lines().map { $0.filter { $0 != " " } } == [
                    "1a", "2b",
                ])
            try #expect((Command("echo", "one") & Command("echo", "two") | Command("sort")).lines() == ["one", "two"])
        }
    }

    @Test func `PR5: reliability 85: 100 MiB pass five stages`() throws {
        try inFiber {
            let flood = mischief("flood", 100 << 20)
            let count = try (flood | copy | copy | copy | Command("wc", "-c")).text()
            #expect(count.filter { $0.isNumber } == "\(100 << 20)")
        }
    }

    @Test func `PR5: reliability 85: each stage has its result`() throws {
        try inFiber {
            let chain = try (mischief("exit", 1) | mischief("exit", 0) | mischief("die", 9) | mischief("exit", 3))
                .spawn()
            #expect(try chain.wait().map(\.status) == [.exited(1), .exited(0), .signaled(.kill), .exited(3)])
            let all = mischief("exit", 1) | mischief("exit", 0) | mischief("exit", 2)
            let error = #expect(throws: ProcessFailedError.self) { try all.run() }
            #expect(error?.failures.map(\.status) == [.exited(1), .exited(2)])
            #expect(error?.status == .exited(1))
            #expect(error?.description.contains("exited with status 1; ") == true)
        }
    }

    @Test func `PR3: a status that is not to count does not`() throws {
        try inFiber {
            let failing = mischief("exit", 3).with(\.checksStatus, false)
            try failing.run()
            try #expect(!failing.succeeds())
            try #expect(failing.output().isEmpty)
            try (failing | copy.with(\.standardOutput, .null)).run()
            #expect(throws: ProcessFailedError.self) { try (failing | mischief("exit", 1)).run() }
        }
    }

    @Test func `PR5: reliability 85: who writes to a reader that has gone fails, and nothing hangs`() throws {
        try inFiber {
            let pipeline = Command("yes") | Command("head", "-n", 1)
            let error = #expect(throws: ProcessFailedError.self) { try pipeline.run(to: MemoryStream()) }
            #expect(error?.failures.map(\.command.description) == ["yes"])
            #expect(error?.status == .signaled(Signal(rawValue: SIGPIPE)))
            let captured = try pipeline.capture()
            #expect(captured.output == Array("y\n".utf8) && !captured.isSuccess)
            #expect(throws: ProcessFailedError.self) { try captured.checkStatus() }
        }
    }

    @Test func `PR5: files at both ends`() throws {
        try inFiber {
            let (source, target) = (TemporaryFile(), TemporaryFile())
            try File.write("b\na\n".utf8, to: FilePath(source.path))
            try
                (copy.with(\.standardInput, .file(FilePath(source.path)))
                | Command("sort").with(\.standardOutput, .file(FilePath(target.path)))).run()
            try #expect(File.readText(FilePath(target.path)) == "a\nb\n")
        }
    }

    @Test func `PR5: streams at both ends, and the errors of all`() throws {
        try inFiber {
            let (output, errors) = (MemoryStream(), MemoryStream())
            let complaining = Command("sh", "-c", "echo complaint >&2; cat")
            try (complaining | complaining).run(from: MemoryStream(Array("bytes".utf8)), to: output, errorsTo: errors)
            #expect(output.written == Array("bytes".utf8))
            #expect(errors.written == Array("complaint\ncomplaint\n".utf8))
        }
    }

    @Test func `reliability 85: no stage has a pipe of another`() throws {
        try inFiber {
            let descriptors = mischief("descriptors")
            let stage = Command("sh", "-c", "\(mischiefPath) descriptors; cat")
            let lines = try (descriptors | stage | stage).lines()
            #expect(lines == ["0", "1", "2", "0", "1", "2", "0", "1", "2"])
        }
    }

    @Test func `PR2: reliability 85: if one cannot be started none is left`() async {
        await #expect(processExitsWith: .success) {
            try balancing {
                for pipeline in [
                    Command("yes") | Command("sleep", 100) | Command("no-such-program"),
                    (Command("sleep", 100) & Command("sleep", 100)) | Command("no-such-program"),
                ] {
                    let error = #expect(throws: IOError.self) { try pipeline.run() }
                    #expect(error?.subject == "no-such-program")
                    #expect(throws: IOError.self) { try pipeline.spawn() }
                }
                _ = try timedWait(timeout: .seconds(20), pollInterval: .milliseconds(1)) {
                    waitpid(-1, nil, WNOHANG | 0) == -1
                }
            }
        }
    }

    @Test func `PR4: a chain succeeds if all of it does`() throws {
        try inFiber {
            let (good, bad) = (mischief("exit", 0), mischief("exit", 1))
            try #expect(good.succeeds() && (good | good | good).succeeds())
            try #expect(!bad.succeeds() && !(bad | good).succeeds() && !(good & bad).succeeds())
            try #expect(!mischief("die", 15).succeeds())
        }
    }

    @Test func `PR5: a pipeline is a value, which can run again`() throws {
        try inFiber {
            let pipeline = Command("echo", "x") | copy
            #expect(pipeline.commands.map(\.description) == ["echo x", copy.description])
            for _ in 0..<3 { try #expect(pipeline.text() == "x\n") }
        }
    }

    @Test func `a stage whose output leads elsewhere gives the next one nothing`() throws {
        try inFiber {
            let silent = Command("echo", "x").with(\.standardOutput, .null)
            try #expect((silent | copy).text() == "")
        }
    }

    @Test func `errors of a stage can go through the pipe`() throws {
        try inFiber {
            let flood = mischief("flood", 100, "err").with(\.standardError, .merged)
            try #expect((flood | Command("wc", "-c")).text().filter { $0.isNumber } == "100")
        }
    }
}
