// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The program of `Tests/Mischief`, which the build puts beside the tests.
let mischiefPath = FilePath(CommandLine.arguments[0]).removingLastComponent().appending("Mischief").string

/// Mischief of this kind.
func mischief(_ kind: String, _ arguments: any CommandArgument...) -> Command {
    Command(mischiefPath, arguments: [kind] + arguments)
}

/// Neither running nor a zombie.
func isGone(_ processID: Int) -> Bool { kill(pid_t(processID), 0) == -1 && errno == ESRCH }

/// Parks until the process, which need not be a child of ours, has gone. What was adopted by nobody who waits for it counts
/// as gone when it is a zombie.
func waitUntilGone(_ processID: Int) throws {
    let result = try timedWait(timeout: .seconds(20), pollInterval: .milliseconds(2)) {
        isGone(processID) || isZombie(processID)
    }
    #expect(result == .ok, "process \(processID) is still there")
}

private func isZombie(_ processID: Int) -> Bool {
    guard let status = try? File.readText(FilePath("/proc/\(processID)/stat")) else { return false }
    return status.contains(") Z ")
}

func measure(_ body: () throws -> Void) rethrows -> Duration {
    let start = LoopClock.now
    try body()
    return start.duration(to: LoopClock.now)
}

extension Runnable {
    /// The output as text.
    func text() throws -> String { String(decoding: try output(), as: UTF8.self) }
}

extension ChildProcess {
    /// Parks until the child has written a line.
    @discardableResult
    func firstLine() throws -> String? { try BufferedReader(try #require(standardOutput)).readLine() }
}

/// The four processes that mischief of the kind `tree` names: itself, a member of its group, one that has left that, and
/// a child of the last.
func numbers(in line: String?) throws -> [Int] {
    let numbers = (line ?? "").split(separator: " ").compactMap { Int($0) }
    try #require(numbers.count == 4)
    return numbers
}

/// The strings of which each ends with a NUL.
func strings(_ bytes: [UInt8]) -> [[UInt8]] {
    #expect(bytes.last ?? 0 == 0)
    return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
}

/// Runs `body` as the root fiber of a process of its own: it must leave behind as many descriptors as there were, and no
/// child.
func balancing(_ body: () throws -> Void) throws {
    try inFiber {
        try mischief("exit", 0).run(to: MemoryStream(), errorsTo: MemoryStream())
        let before = openDescriptorCount()
        try body()
        try drain()
        #expect(openDescriptorCount() == before)
        #expect(waitpid(-1, nil, WNOHANG) == -1 && errno == ECHILD)
    }
}
