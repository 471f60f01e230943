// SPDX-License-Identifier: MIT
import ArgumentParser
import CFloor
import Fibers

/// TCP servers that send back what comes, each a process on one core; clients on the other.
func measureEcho(_ options: Run, against rivals: [Rival], reporting report: (Measurement) -> Void) throws {
    guard floor_has_load, floor_use_cores(2) else { return }
    floor_use_all_cores()
    _ = floor_raise_descriptor_limit()
    for load in echoLoads where options.fibers ?? load.connections == load.connections {
        let servers = try EchoServers(rivals)
        try servers.measure(load, rounds: options.rounds ?? 5).forEach(report)
    }
}

private let echoLoads = [
    EchoLoad(connections: 1, bytes: 64, limits: [1 / 0.95]),
    EchoLoad(connections: 64, bytes: 64, limits: [1 / 0.97, 1.05, 1.15]),
    EchoLoad(connections: 1000, bytes: 64, limits: [1 / 0.97, 1.05, 1.15]),
    EchoLoad(connections: 64, bytes: 16_384, limits: [1 / 0.95]),
]

/// Clients in a process of their own.
private struct EchoLoad {
    let connections: Int
    let bytes: Int
    /// The most that fibers may take, as multiples of libuv: in the order of `echoQuantities`.
    let limits: [Double]

    /// The nanoseconds of `echoQuantities`.
    func run(on server: ServerProcess) throws -> [Double] {
        floor_use_core(1)
        defer { floor_use_all_cores() }
        let begin = server.cpuTime
        let numbers = try childNumbers(LoadChild.name, "\(server.port)", "\(connections)", "\(bytes)", count: 3)
        return [numbers[0], Double(server.cpuTime - begin) / numbers[2], numbers[1]]
    }
}

/// From one answer to the next; CPU of the server per request; what 99 of 100 requests take at most.
private let echoQuantities = ["", "-cpu", "-p99"]

/// They live as long as a load is measured, and take turns.
private final class EchoServers {
    private let floor: ServerProcess
    private let subject: ServerProcess
    private let rivals: RivalRounds
    private var rivalServers: [String: ServerProcess] = [:]

    init(_ rivals: [Rival]) throws {
        let programs = EchoServer.Subject.allCases.map(\.command)
        (subject, floor) = (try ServerProcess(programs[0]), try ServerProcess(programs[1]))
        self.rivals = RivalRounds(rivals.programs(for: "echo"))
    }

    func measure(_ load: EchoLoad, rounds: Int) throws -> [Measurement] {
        var (subjects, floors): ([[Double]], [[Double]]) = ([], [])
        for round in 0...rounds {
            floors.append(try load.run(on: floor))
            subjects.append(try load.run(on: subject))
            rivals.run(isWarmUp: round == 0) { try load.run(on: server(of: $0)) }
        }
        return echoQuantities.indices.flatMap { column in
            Measurement(
                workload: "echo-\(load.bytes)\(echoQuantities[column])", fibers: load.connections,
                nanoseconds: subjects.dropFirst().map { $0[column] }.median,
                floorNanoseconds: floors.dropFirst().map { $0[column] }.median,
                budgets: load.limits.dropFirst(column).prefix(1).map { .ratio($0) }
            ).against(rivals.results(column: column))
        }
    }

    /// Started in the first round.
    private func server(of rival: RivalProgram) throws -> ServerProcess {
        if let server = rivalServers[rival.name] { return server }
        let server = try ServerProcess(rival.command)
        rivalServers[rival.name] = server
        return server
    }
}

struct LoadChild: ParsableCommand {
    static let name = "load-child"
    static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

    @Argument var port: UInt16
    @Argument var connections: Int
    @Argument var bytes: Int

    func run() throws {
        var load = floor_load()
        guard floor_load_run(port, connections, bytes, 1, &load) else { throw ChildFailure(text: "a client failed") }
        print(load.nanoseconds, load.p99, load.requests)
    }
}
