// SPDX-License-Identifier: MIT
import CFloor
import Fibers
import SystemPackage

private let processesPerRound = 500
private let largeMemory = 2 << 30

/// Child processes from their start to their end, against posix_spawn and waitpid, all on one core. Wall-clock time: what a
/// child takes is the system's.
func measureProcesses(rounds: Int, against rivals: [Rival]) throws -> [Measurement] {
    floor_use_core(0)
    defer { floor_use_all_cores() }
    let folder = try File.makeTemporaryFolder()
    defer { try? File.removeTree(folder) }
    let program = folder.appending("nothing").string
    guard floor_write_program(program) else { throw ChildFailure(text: "cannot write \(program)") }
    let runs = try [1, 16].flatMap { try measureRuns(of: program, atOnce: $0, rounds: rounds, against: rivals) }
    let captures = try measureCaptures(of: "/bin/echo", rounds: rounds, against: rivals)
    return runs + captures + [try measureLargeParent(Command(program), rounds)]
}

private func measureRuns(
    of program: String, atOnce count: Int, rounds: Int, against rivals: [Rival]
) throws -> [Measurement] {
    let rivals = rivals.programs(for: "processes", "\(processesPerRound)", "\(count)", program)
    let command = Command(program)
    let result = try compare(rounds: rounds, against: rivals) {
        try nanosecondsEach { if count == 1 { try runInTurn(command) } else { try run(command, atOnce: count) } }
    } floor: {
        try nanosecondsEach { try check(floor_run_processes(program, processesPerRound, count)) }
    }
    return measurement(count == 1 ? "processes" : "processes-\(count)", result)
}

private func measureCaptures(of program: String, rounds: Int, against rivals: [Rival]) throws -> [Measurement] {
    let rivals = rivals.programs(for: "processes-captured", "\(processesPerRound)", program)
    let command = Command(program)
    let result = try compare(rounds: rounds, against: rivals) {
        try nanosecondsEach { try captureInTurn(command) }
    } floor: {
        try nanosecondsEach { try check(floor_capture_processes(program, processesPerRound)) }
    }
    return measurement("processes-captured", result)
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

private func measurement(_ name: String, _ result: Comparison) -> [Measurement] {
    Measurement(
        workload: name, nanoseconds: result.subject, floorNanoseconds: result.floor, budgets: [.ratio(1.15)]
    ).against(result.rivals)
}

private func check(_ isFine: Bool) throws {
    if !isFine { throw ChildFailure(text: "a process of the floor failed") }
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
