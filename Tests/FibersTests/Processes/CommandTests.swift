// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct CommandTests {
    private func output(of command: Command) throws -> String {
        try inFiber { try text(of: command) }
    }

    @Test func `output returns what the program writes`() throws {
        try #expect(output(of: Command("echo", "hello", "world")) == "hello world\n")
    }

    @Test func `no argument means anything special`() throws {
        try #expect(output(of: Command("echo", "$HOME", "*", "", "a b; exit 1", "\"")) == "$HOME *  a b; exit 1 \"\n")
    }

    @Test func `output of 1 MiB is complete`() throws {
        let bytes = try inFiber { try Command("sh", "-c", "yes 1234567 | head -c 1048576").output() }
        #expect(bytes.count == 1 << 20)
        #expect(bytes == Array(String(repeating: "1234567\n", count: 131_072).utf8))
    }

    @Test func `a program that writes nothing has no output`() throws {
        try #expect(output(of: Command("true")) == "")
    }

    @Test func `run throws unless the status is 0`() throws {
        try inFiber {
            try Command("true").run()
            let error = #expect(throws: ProcessFailedError.self) { try Command("sh", "-c", "exit 3").run() }
            #expect(error?.status == .exited(3))
            #expect(error?.description == "failed process: sh -c exit 3 exited with status 3")
        }
    }

    @Test func `output throws unless the status is 0`() throws {
        try inFiber {
            let command = Command("sh", "-c", "echo partial; kill -9 $$")
            let error = #expect(throws: ProcessFailedError.self) { try command.output() }
            #expect(error?.status == .signaled(.kill))
        }
    }

    @Test func `a program that does not exist is named`() throws {
        try inFiber {
            let command = Command("no-such-program")
            for start in [{ _ = try command.spawn() }, { _ = try command.output() }] {
                let error = #expect(throws: IOError.self) { try start() }
                #expect(error?.code == .noSuchFileOrDirectory)
                #expect(error?.operation == "spawn")
                #expect(error?.subject == "no-such-program")
            }
        }
    }

    @Test func `a file that may not be executed is named`() throws {
        try inFiber {
            let error = #expect(throws: IOError.self) { try Command("/etc/passwd").spawn() }
            #expect(error?.code == .permissionDenied)
            #expect(error?.subject == "/etc/passwd")
        }
    }

    @Test func `an empty program is refused`() throws {
        _ = try inFiber {
            #expect(throws: ArgumentError.self) { try Command("").spawn() }
        }
    }

    @Test(arguments: [
        Command("tr\0ue"), Command("true", "a\0b"), Command("true").with(\.environment, .only(["A": "b\0c"])),
        Command("true").with(\.environment, .adding(["A\0": "b"])),
    ])
    func `a string that holds a NUL is refused`(command: Command) throws {
        try inFiber {
            let error = #expect(throws: ArgumentError.self) { try command.spawn() }
            #expect(error?.message.contains("NUL") == true)
        }
    }

    @Test func `an environment replaces the inherited one`() throws {
        let command = Command("/usr/bin/env").with(\.environment, .only(["B": "2", "A": "1 x"]))
        try #expect(output(of: command) == "A=1 x\nB=2\n")
        try #expect(output(of: Command("/usr/bin/env").with(\.environment, .only([:]))) == "")
    }

    @Test func `the environment is inherited by default`() throws {
        try #expect(output(of: Command("env")).contains("PATH="))
    }

    @Test func `the program starts in the working directory`() throws {
        try #expect(output(of: Command("pwd").with(\.workingDirectory, "/usr")) == "/usr\n")
    }

    @Test func `a working directory that does not exist is an error`() throws {
        try inFiber {
            let command = Command("pwd").with(\.workingDirectory, "/no/such/folder")
            let error = #expect(throws: IOError.self) { try command.spawn() }
            #expect(error?.operation == "change directory")
            #expect(error?.subject == "/no/such/folder")
        }
    }
}
