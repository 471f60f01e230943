// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct SupervisorTests {
    /// Supervises the programs of a Procfile until all have ended.
    private func supervise(_ procfile: String, _ options: String..., in folder: FilePath) throws -> Ended {
        try folder.write(procfile, to: "Procfile")
        return try Ended(command("Supervisor", options, in: folder))
    }

    @Test func `lines are shown behind names of equal width, without colours in a file`() throws {
        let ended = try inNewFolder { folder in
            try supervise("# two\nshort: echo 'a  b'\nlonger: sh -c 'echo c >&2; printf d'\n", in: folder)
        }
        #expect(ended.status == .exited(0))
        #expect(
            Set(ended.lines) == [
                "short  * starts", "longer * starts", "short  | a  b", "longer | c", "longer | d",
                "short  * exited with status 0", "longer * exited with status 0",
            ])
    }

    @Test(arguments: [("", "\u{1B}[36ma |\u{1B}[0m hello"), ("1", "a | hello")])
    func `on a terminal each program has a colour, unless NO_COLOR is set`(noColor: String, line: String) throws {
        try inNewFolder { folder in
            try folder.write("a: echo hello", to: "Procfile")
            let process = try command("Supervisor", [], in: folder).with(\.terminal, Command.TerminalSize())
                .with(\.environment, .adding(["NO_COLOR": noColor])).spawn()
            let lines = try BufferedReader(#require(process.terminal)).readToEnd()
            #expect(String(decoding: lines, as: UTF8.self).contains(line + "\r\n"))
            try #expect(process.wait().isSuccess)
        }
    }

    @Test func `variables come from files, and from in front of the program`() throws {
        let ended = try inNewFolder { folder in
            try folder.write("A=1\nB='2 2'", to: "one")
            try folder.write("A=3", to: "two")
            return try supervise(
                "a: B=4 sh -c 'echo $A $B'\nb: sh -c 'echo $A $B'", "--env", "one", "--env", "two", in: folder)
        }
        #expect(Set(ended.lines).isSuperset(of: ["a | 3 4", "b | 3 2 2"]))
    }

    @Test func `lines never get into each other, and what is longer than 64 KiB is cut`() throws {
        let script = "for i in 1 2 3; do head -c 150000 /dev/zero | tr '\\0' $1; echo; echo $1; done"
        let ended = try inNewFolder { folder in
            try folder.write(script, to: "flood")
            return try supervise("a: sh flood a\nb: sh flood b\n", in: folder)
        }
        #expect(ended.status == .exited(0))
        for name in ["a", "b"] {
            let lengths = ended.lines.filter { $0.hasPrefix("\(name) | ") }.map { line in
                #expect(line.dropFirst(4).allSatisfy { "\($0)" == name })
                return line.count - 4
            }
            #expect(lengths == Array(repeating: [65_536, 65_536, 18_928, 1], count: 3).flatMap(\.self))
        }
        #expect(ended.lines.count == 2 * (12 + 2))
    }

    @Test(arguments: [("/no/such/program", 127), ("/", 126)])
    func `a program that cannot be started fails as it does in a shell`(program: String, status: Int) throws {
        let ended = try inNewFolder { try supervise("a: \(program)", in: $0) }
        #expect(ended.status == .exited(status))
        #expect(ended.output.contains("a * spawn \(program): "))
        #expect(ended.lines.last == "  * a failed: stopping all")
    }

    @Test func `a program that failed starts again, later each time, until it succeeds`() throws {
        let ended = try inNewFolder { folder in
            try supervise(
                "a: sh -c 'echo >>count; test $(wc -l <count) = 4'", "--restart", "on-failure", "--back-off", "0.001",
                "--back-off-limit", "0.002", in: folder)
        }
        #expect(ended.status == .exited(0))
        let delays = ended.lines.compactMap { $0.firstMatch(of: /status 1, starts again in (.*) seconds/)?.1 }
        #expect(delays == ["0.001", "0.002", "0.002"])
        #expect(ended.lines.filter { $0 == "a * starts" }.count == 4)
        #expect(ended.lines.last == "a * exited with status 0")
    }

    @Test func `a Procfile that cannot be understood starts nothing`() throws {
        let ended = try inNewFolder { try supervise("a: echo x\nb", in: $0) }
        #expect(ended.status == .exited(1))
        #expect(ended.output.isEmpty)
        #expect(ended.errors.contains("Procfile:2: this is no name, colon and command"))
    }
}
