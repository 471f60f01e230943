// SPDX-License-Identifier: MIT
// Nearly every file uses it.
@_exported public import TestSupport

import Fibers
import SystemPackage
import Testing

/// An example's program, which the build puts beside the tests.
func example(_ name: String) -> String {
    FilePath(CommandLine.arguments[0]).removingLastComponent().appending(name).string
}

/// Starts a daemon by a line of shell and hands itself and its output so far to `body`.
func withDaemon(_ line: String, _ body: (ChildProcess, @escaping () throws -> String) throws -> Void) throws {
    try EventLoop.run {
        try withTemporaryFile { file in
            let path = file.path.string
            let daemon = try Command("sh", "-c", "\(line) >'\(path)' 2>&1").spawn()
            defer { try? daemon.kill(.kill) }
            try body(daemon) { try text(of: Command("cat", path)) }
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
