// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct JuliaManualTests {
    @Test(arguments: exactOutputs)
    func `a program prints what its document says, and nothing on standard error`(name: String, text: String) throws {
        try #expect(output(of: name) == text + "\n")
    }

    @Test(arguments: outputPatterns)
    func `a program prints what looks as its document says`(name: String, pattern: String) throws {
        let output = try output(of: name)
        try #expect(output.wholeMatch(of: Regex(pattern + "\n")) != nil, "\(output)")
    }

    @Test func `four workers do each of twelve jobs once`() throws {
        let output = try output(of: "shareJobs")
        let outcomes = output.matches(of: /(\d+) finished in 0\.\d+ seconds by worker (\d)\n/)
        #expect(outcomes.compactMap { Int($0.1) }.sorted() == Array(1...12))
        #expect(Set(outcomes.map(\.2)) == ["1", "2", "3", "4"])
        #expect(output.contains(/\n\d+\.\d+\n$/))
    }

    @Test func `every program is tested and stands in the table`() throws {
        let tested = Array(exactOutputs.keys) + outputPatterns.keys + ["shareJobs"]
        try #expect(names().sorted() == tested.sorted())
        let folder = FilePath("\(#filePath)").removingLastComponent()
        let table = try output(of: "cat", "\(folder)/../../../Examples/README.md")
        try #expect(names().filter { !table.contains("`\($0)`") } == [])
    }

    @Test func `without a name all run, each under its own`() throws {
        let names = try names()
        let lines = try output(of: "").split(separator: "\n").map(String.init)
        #expect(lines.filter(Set(names).contains) == names)
    }

    private func names() throws -> [String] { try output(of: "list").split(separator: "\n").map(String.init) }

    /// Standard error included.
    private func output(of name: String) throws -> String {
        try output(of: "sh", "-c", "'\(example("JuliaManual"))' \(name) 2>&1")
    }

    private func output(of program: String, _ arguments: String...) throws -> String {
        try EventLoop.run { try text(of: Command(program, arguments: arguments)) }
    }
}
