// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

/// What a program gets, byte for byte.
@Suite struct ArgumentTests {
    private func received(_ arguments: [any CommandArgument]) throws -> [[UInt8]] {
        try inFiber { strings(try Command(mischiefPath, arguments: ["arguments"] + arguments).output()) }
    }

    @Test func `reliability 79: no character means anything`() throws {
        let words = [
            "", " ", "a b", "'", "\"", "\\", ";", "$(id)", "`id`", "$HOME", "*", "|", "&", "\n", "\t", "-", "--", "é",
            "~",
        ]
        try #expect(received(words) == words.map { Array($0.utf8) })
    }

    @Test func `reliability 79: what is no text arrives as it is`() throws {
        let all = (UInt8(1) ... .max).map { $0 }
        try #expect(
            received([all, [0xff, 0xfe], FilePath("/tmp/é"), 42, "word"[...]]) == [
                all, [0xff, 0xfe], Array("/tmp/é".utf8), Array("42".utf8), Array("word".utf8),
            ])
    }

    @Test func `reliability 79: arguments of any length that the system takes`() throws {
        let long = [UInt8](repeating: 65, count: 131_071)
        try #expect(received([long, long]) == [long, long])
        let many = (0..<5_000).map { Array("\($0)".utf8) }
        try #expect(received(many) == many)
    }

    @Test func `reliability 79: random bytes arrive as they are`() throws {
        var random = SplitMix(seed: 79)
        for _ in 0..<20 {
            let arguments = (0..<20).map { _ in
                (0..<Int.random(in: 0..<50, using: &random)).map { _ in UInt8.random(in: 1 ... .max, using: &random) }
            }
            try #expect(received(arguments) == arguments)
        }
    }

    @Test(arguments: [
        Command("tr\0ue"), Command("true", "a\0"), Command("true", [0]),
        Command("true").with(\.environment, .only(["A": "\0"])),
        Command("true").with(\.environment, .adding(["\0": "a"])),
    ])
    func `PR2: reliability 79: a NUL is refused`(command: Command) throws {
        try inFiber {
            let error = #expect(throws: ArgumentError.self) { try command.spawn() }
            #expect(error?.message.contains("NUL") == true)
            #expect(throws: ArgumentError.self) { try (Command("true") | command).run() }
        }
    }

    @Test func `the printed form of a command is its words, of a pipeline as it is written`() {
        let command = Command("grep", "-n", 3, FilePath("/tmp"))
        #expect("\(command)" == "grep -n 3 /tmp")
        #expect("\((command & Command("b")) | Command("c"))" == "(grep -n 3 /tmp & b) | c")
    }

    @Test func `a copy of a command differs in one property`() throws {
        let command = Command("pwd")
        let other = command.with(\.workingDirectory, "/usr")
        #expect(command.workingDirectory == nil && other.workingDirectory == "/usr")
        try inFiber { try #expect(other.text() == "/usr\n") }
    }
}
