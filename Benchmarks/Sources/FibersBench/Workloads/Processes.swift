// SPDX-License-Identifier: MIT
import CFloor
import Fibers
import SystemPackage

private let processesPerRound = 500
private let largeMemory = 2 << 30

/// Child processes from their start to their end, against posix_spawn and waitpid. Wall-clock time: what a child takes is the
/// system's.
func measureProcesses(rounds: Int) throws -> [Measurement] {
    let folder = try File.makeTemporaryFolder()
    defer { try? File.removeTree(folder) }
    let program = folder.appending("nothing")
    guard floor_write_program(program.string) else { throw ChildFailure(text: "cannot write \(program)") }
    let command = Command(program)
    let sequential = try measurement("processes", rounds) {
        try runInTurn(command)
    } floor: {
        floor_run_processes(program.string, processesPerRound, 1)
    }
    let concurrent = try measurement("processes-16", rounds) {
        try run(command, atOnce: 16)
    } floor: {
        floor_run_processes(program.string, processesPerRound, 16)
    }
    let captured = try measurement("processes-captured", rounds) {
        try captureInTurn(Command("/bin/echo"))
    } floor: {
        floor_capture_processes("/bin/echo", processesPerRound)
    }
    return [sequential, concurrent, captured, try measureLargeParent(command, rounds)]
}

/// Against the same from a small parent.
private func measureLargeParent(_ command: Command, _ rounds: Int) throws -> Measurement {
    let result = try compare(rounds: rounds) {
        guard let memory = floor_hold_memory(largeMemory) else { throw ChildFailure(text: "2 GiB cannot be had") }
        defer { floor_release_memory(memory, largeMemory) }
        return try nanosecondsEach { try runInTurn(command) }
    } floor: {
        try nanosecondsEach { try runInTurn(command) }
    }
    return Measurement(
        workload: "processes-2GiB", nanoseconds: result.subject, floorNanoseconds: result.floor, budgets: [.ratio(1.3)])
}

private func measurement(
    _ name: String, _ rounds: Int, _ subject: () throws -> Void, floor: () -> Bool
) throws -> Measurement {
    let result = try compare(rounds: rounds) {
        try nanosecondsEach(subject)
    } floor: {
        try nanosecondsEach { if !floor() { throw ChildFailure(text: "a process of the floor failed") } }
    }
    return Measurement(
        workload: name, nanoseconds: result.subject, floorNanoseconds: result.floor, budgets: [.ratio(1.15)])
}

private func nanosecondsEach(_ body: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure(body).components
    return (Double(duration.seconds) * 1e9 + Double(duration.attoseconds) / 1e9) / Double(processesPerRound)
}

private func runInTurn(_ command: Command) throws {
    for _ in 0..<processesPerRound { try command.run() }
}

private func captureInTurn(_ command: Command) throws {
    for _ in 0..<processesPerRound { _ = try command.output() }
}

private func run(_ command: Command, atOnce count: Int) throws {
    let permits = Semaphore(count)
    try withFiberGroup { group in
        for _ in 0..<processesPerRound {
            try permits.acquire()
            group.spawn {
                defer { permits.release() }
                try command.run()
            }
        }
    }
}
