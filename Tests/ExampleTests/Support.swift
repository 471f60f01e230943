// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage

/// An example's program, which the build puts beside the tests.
func example(_ name: String) -> String {
    FilePath(CommandLine.arguments[0]).removingLastComponent().appending(name).string
}

/// A file for a program's output, empty at first and removed at the end.
func withTemporaryFile<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = try text(of: Command("mktemp")).filter { !$0.isNewline }
    defer { try? Command("rm", "-f", path).run() }
    return try body(path)
}

func text(of command: Command) throws -> String {
    String(decoding: try command.output(), as: UTF8.self)
}
