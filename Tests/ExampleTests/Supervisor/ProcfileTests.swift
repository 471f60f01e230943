// SPDX-License-Identifier: MIT
import Fibers
import Testing

@testable import Supervisor

@Suite struct ProcfileTests {
    @Test func `a line is a name, variables and a command; blank lines and comments are skipped`() throws {
        let procfile = try Procfile(
            parsing: "# all\n\nweb: PORT=80 NAME='a b' serve --x=1 Y=2\n  # more\r\n clock-2 :tick:tock\r\n", name: "P")
        #expect(
            procfile.entries == [
                Procfile.Entry(
                    name: "web", variables: ["PORT": "80", "NAME": "a b"], words: ["serve", "--x=1", "Y=2"]),
                Procfile.Entry(name: "clock-2", words: ["tick:tock"]),
            ])
    }

    @Test(arguments: [
        ("a: b\nc", "P:2: this is no name, colon and command"), ("a b: c", "P:1: this is no name, colon and command"),
        ("\na:", "P:2: a has no command"), ("a: X=1", "P:1: a has no command"),
        ("a: b\na: c", "P:2: there is a a already"),
        ("a: 'b", "P:1: a quotation that begins with ' does not end"), ("# a: b", "P lists no programs"),
    ])
    func `any other line is explained, with its number`(text: String, message: String) {
        #expect { try Procfile(parsing: text, name: "P") } throws: { "\($0)" == message }
    }

    @Test func `a file of variables has assignments, quoted like a command`() throws {
        let file = try EnvironmentFile(parsing: "A=1\n# no\n\nB='x y'\"z\" C=\nA=2", name: "env")
        #expect(file.variables == ["A": "2", "B": "x yz", "C": ""])
        #expect {
            try EnvironmentFile(parsing: "A=1\nB C=1", name: "env")
        } throws: {
            "\($0)" == "env:2: B is no NAME=value"
        }
    }

    @Test func `the words of a command are its program and arguments`() throws {
        let entry = Procfile.Entry(name: "a", words: ["echo", "a b", ""])
        let command = entry.command(adding: [])
        #expect(command.program.description == "echo")
        #expect(command.arguments.map(\.description) == ["a b", ""])
    }
}
