// SPDX-License-Identifier: MIT
import Fibers

/// Servers that live as long as a load is measured, and take turns.
final class EchoServers {
    private let floor: ServerProcess
    private let subject: ServerProcess
    private let rivals: RivalRounds
    private var rivalServers: [String: ServerProcess] = [:]

    init(_ subject: EchoServer.Subject, floor: EchoServer.Subject, _ rivals: [RivalProgram]) throws {
        self.subject = try ServerProcess(subject.command)
        self.floor = try ServerProcess(floor.command)
        self.rivals = RivalRounds(rivals)
    }

    func measure(_ load: EchoLoad, rounds: Int) throws -> [Measurement] {
        var (subjects, floors): ([[Double]], [[Double]]) = ([], [])
        for round in 0...rounds {
            floors.append(try load.run(on: floor))
            subjects.append(try load.run(on: subject))
            rivals.run(isWarmUp: round == 0) { try load.run(on: server(of: $0)) }
        }
        return EchoLoad.quantities.indices.flatMap { column in
            Measurement(
                workload: load.workload + EchoLoad.quantities[column], fibers: load.connections,
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
