// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct OpeningTests {
    private let copy = mischief("copy")

    @Test func `PR7: a program is read from, written to, or both`() throws {
        try inFiber {
            try #expect(Command("echo", "x").open { try $0.readAll() } == Array("x\n".utf8))
            let file = TemporaryFile()
            try copy.with(\.standardOutput, .file(FilePath(file.path))).open(.writeOnly) { try $0.write("written") }
            try #expect(File.readText(FilePath(file.path)) == "written")
            let answers = try copy.open(.readWrite) { stream in
                let reader = BufferedReader(stream)
                return try ["one", "two"].map { word in
                    try stream.write(word + "\n")
                    return try reader.readLine()
                }
            }
            #expect(answers == ["one", "two"])
        }
    }

    @Test func `PR7: the direction that was not asked for is an error`() throws {
        try inFiber {
            try mischief("exit", 0).open(.readOnly) { stream in
                #expect(stream.isReadable && !stream.isWritable)
                #expect(failure(of: { try stream.write("x") }) is ArgumentError)
            }
            try copy.with(\.standardOutput, .null).open(.writeOnly) { stream in
                #expect(!stream.isReadable && stream.isWritable)
                #expect(failure(of: { try stream.read() }) is ArgumentError)
            }
        }
    }

    @Test func `PR7: a pipeline is opened at its ends`() throws {
        try inFiber {
            let sorted = try (copy | Command("sort")).open(.readWrite) { stream in
                try stream.write("b\na\n")
                stream.closeWrite()
                #expect(stream.description == "ProcessStream(\(mischiefPath) copy | sort)")
                return try stream.readAll()
            }
            #expect(sorted == Array("a\nb\n".utf8))
        }
    }

    @Test func `PR8: the end of the block ends the input, and the program is awaited`() throws {
        try inFiber {
            var child: ChildProcess?
            let value = try copy.open(.readWrite) { stream in
                child = stream.processes.processes[0]
                return 42
            }
            #expect(value == 42 && child?.exitStatus == .exited(0))
        }
    }

    @Test func `PR8: output that was left unread is an error`() throws {
        try inFiber {
            for size in [1, 1 << 20] {
                let error = #expect(throws: IOError.self) { try mischief("flood", size).open { _ in } }
                #expect(error?.code == .brokenPipe)
            }
        }
    }

    @Test func `PR8: a bad end is an error once the block has returned`() throws {
        try inFiber {
            let error = #expect(throws: ProcessFailedError.self) { try mischief("exit", 4).open { try $0.readAll() } }
            #expect(error?.status == .exited(4))
            try #expect(mischief("exit", 4).with(\.checksStatus, false).open { _ in 1 } == 1)
        }
    }

    @Test func `PR8: what the block throws comes out, and the program that notices has ended by itself`() throws {
        try inFiber {
            var child: ChildProcess?
            let failing = Failure("of the block")
            let error = failure {
                try copy.open(.readWrite) { stream in
                    child = stream.processes.processes[0]
                    throw failing
                }
            }
            #expect(error as? Failure === failing)
            #expect(child?.exitStatus == .exited(0))
        }
    }

    @Test func `PR8: a program that does not notice is told to end after two seconds`() throws {
        try inFiber {
            var child: ChildProcess?
            let time = measure {
                _ = #expect(throws: Failure.self) {
                    try Command("sleep", 100).open { stream in
                        child = stream.processes.processes[0]
                        throw Failure("of the block")
                    }
                }
            }
            #expect(child?.exitStatus == .signaled(.terminate))
            #expect(time >= .seconds(2))
        }
    }

    @Test func `PR8: an interrupted block leaves no program`() throws {
        try inFiber {
            var child: ChildProcess?
            let fiber = Fiber.spawn {
                try mischief("ignore-term").open { stream in
                    child = stream.processes.processes[0]
                    return try stream.readAll()
                }
            }
            try #expect(timedWait(timeout: .seconds(20), pollInterval: .milliseconds(1)) { child != nil } == .ok)
            fiber.cancel()
            #expect(failure(of: fiber) is CancellationError)
            #expect(child?.exitStatus == .signaled(.kill))
        }
    }
}
