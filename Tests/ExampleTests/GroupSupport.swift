// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

/// Runs `body` in an event loop, with a new folder that is removed at the end. No test takes as long as it may.
func inNewFolder<Value>(_ body: (FilePath) throws -> Value) throws -> Value {
    try EventLoop.run { try withTimeout(.seconds(300)) { try withTemporaryFolder(body) } }
}

/// A named pipe that programs hold open: it ends when nobody of those who have opened it is left.
final class Lifeline {
    private let process: ChildProcess
    private let reader: BufferedReader

    init(_ name: String, in folder: FilePath) throws {
        try Command("mkfifo", folder.appending(name)).run()
        process = try Command("cat", folder.appending(name)).with(\.standardOutput, .pipe).spawn()
        reader = BufferedReader(try #require(process.standardOutput))
    }

    /// What somebody says; `nil` when nobody is left.
    func next() throws -> String? { try reader.readLine() }
}

extension FilePath {
    func write(_ text: String, to name: String) throws { try File.write(text.utf8, to: appending(name)) }

    /// Makes a named pipe, at which `cat` stops until somebody opens the gate.
    func makeGate(_ name: String) throws { try Command("mkfifo", appending(name)).run() }

    /// Parks until somebody is there.
    func openGate(_ name: String) throws { try Command("sh", "-c", ": >'\(appending(name))'").run() }

    func text(of name: String) throws -> String { try File.readText(appending(name)) }
}

/// Starts two processes that hold the pipe `lifeline`; the second goes on when the first is asked to end.
let programWithStubbornChild = """
    exec 9>lifeline
    (trap '' TERM; echo grandchild >&9; while :; do sleep 1; done) &
    echo child >&9
    wait
    """

/// An example's program that runs in a folder.
func command(_ name: String, _ options: [String], in folder: FilePath) -> Command {
    Command(example(name), arguments: options).with(\.workingDirectory, folder)
}

/// Status and output of a program that is no longer there.
struct Ended {
    let status: Fibers.ExitStatus?
    let output: String
    let errors: String

    init(_ command: Command) throws {
        let captured = try command.capture()
        status = captured.results.first?.status
        output = String(decoding: captured.output, as: UTF8.self)
        errors = String(decoding: captured.errors, as: UTF8.self)
    }

    var lines: [String] { output.split(separator: "\n").map(String.init) }
}
