// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

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

/// Starts a daemon by a line of shell and hands itself and its output so far to `body`.
func withDaemon(_ line: String, _ body: (ChildProcess, @escaping () throws -> String) throws -> Void) throws {
    try EventLoop.run {
        try withTemporaryFile { file in
            let daemon = try Command("sh", "-c", "\(line) >'\(file)'").spawn()
            defer { try? daemon.kill(.kill) }
            try body(daemon) { try text(of: Command("cat", file)) }
        }
    }
}

/// Parks until the output matches `pattern`.
func waitFor(_ pattern: String, in output: () throws -> String) throws {
    let expression = try Regex(pattern)
    let result = try timedWait(timeout: .seconds(10), pollInterval: .milliseconds(5)) {
        try output().contains(expression)
    }
    #expect(result == .ok, "\(pattern) never appeared")
}
