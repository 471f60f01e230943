// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct SpawnFailureTests {
    @Test func `PR2: reliability 78: each failed start names its step, and leaves nothing`() async {
        await #expect(processExitsWith: .success) {
            let long = [UInt8](repeating: 65, count: 200_000)
            let failing: [(Command, operation: String, Errno)] = [
                (Command("no-such-program"), "spawn", .noSuchFileOrDirectory),
                (Command("/no/such/program"), "spawn", .noSuchFileOrDirectory),
                (Command("/etc/passwd"), "spawn", .permissionDenied),
                (Command("/etc/passwd/x"), "spawn", .notDirectory),
                (Command("/tmp"), "spawn", .permissionDenied),
                (mischief("exit", long), "spawn", .argListTooLong),
                (
                    mischief("exit").with(\.workingDirectory, "/no/such/folder"), "change directory",
                    .noSuchFileOrDirectory
                ),
                (mischief("exit").with(\.workingDirectory, "/etc/passwd"), "change directory", .notDirectory),
                (mischief("exit").with(\.limits, [.openFiles(.max)]), "limit resources of", .notPermitted),
                (
                    mischief("exit").with(\.standardOutput, .descriptor(FileDescriptor(rawValue: 4095))), "redirect",
                    .badFileDescriptor
                ),
                (mischief("exit").with(\.standardInput, .file("/no/such/file")), "open", .noSuchFileOrDirectory),
            ]
            try balancing {
                for (command, operation, code) in failing {
                    for _ in 0..<10 {
                        let error = #expect(throws: IOError.self) { try command.capture() }
                        #expect(error?.operation == operation && error?.code == code, "\(error as Any)")
                    }
                }
            }
        }
    }

    @Test func `PR2: reliability 78: two thousand starts that fail leave no descriptor and no zombie`() async {
        await #expect(processExitsWith: .success) {
            try balancing {
                for _ in 0..<2_000 { #expect(throws: IOError.self) { try Command("no-such-program").spawn() } }
            }
        }
    }

    @Test func `reliability 78: where descriptors run out, that is an error, and none is lost`() async {
        await #expect(processExitsWith: .success) {
            try balancing {
                var old = rlimit()
                getrlimit(descriptorLimit, &old)
                defer { setrlimit(descriptorLimit, &old) }
                for free in 0..<12 {
                    limitDescriptors(toMoreThanOpen: free)
                    let command = mischief("copy").with(\.standardInput, .bytes([1, 2, 3]))
                    for command in [command.pipeline, command | mischief("copy")] {
                        do { try #expect(command.capture().output == [1, 2, 3]) } catch let error as IOError {
                            #expect(error.code == .tooManyOpenFiles)
                        }
                    }
                }
            }
        }
    }

    @Test func `PR2: an empty command is refused`() throws {
        try inFiber {
            for program: any CommandArgument in ["", [UInt8](), FilePath("")] {
                let error = #expect(throws: ArgumentError.self) { try Command(program).spawn() }
                #expect(error?.message.contains("empty") == true)
            }
        }
    }

    @Test func `PR2: a command that is refused has changed no file`() throws {
        try inFiber {
            let file = TemporaryFile()
            try File.write("kept".utf8, to: FilePath(file.path))
            for command in [Command(""), Command("true", "\0"), Command("true").with(\.environment, .only(["=": ""]))] {
                #expect(throws: ArgumentError.self) {
                    try command.with(\.standardOutput, .file(FilePath(file.path))).spawn()
                }
            }
            try #expect(File.readText(FilePath(file.path)) == "kept")
        }
    }

    @Test func `a start that fails says so of the call, not of the loop`() throws {
        try inFiber {
            #expect(throws: IOError.self) { try Command("no-such-program").spawn() }
            try #expect(mischief("exit", 3).spawn().wait() == .exited(3))
        }
    }
}
