// SPDX-License-Identifier: MIT
import ArgumentParser
import CFloor
import Fibers

/// A TCP server that sends back what comes, against one on bare libuv: server on one core, clients on the other.
func measureEcho(connections: Int, bytes: Int, rounds: Int, budgets: EchoBudgets) throws -> [Measurement] {
    guard floor_has_load, floor_use_cores(2) else { return [] }
    defer { floor_use_all_cores() }
    let results = try alternate(rounds: rounds) {
        try serveWithFibers(Load(connections: connections, bytes: bytes))
    } floor: {
        try serveWithLibuv(Load(connections: connections, bytes: bytes))
    }
    func measurement(_ suffix: String, _ quantity: (EchoResult) -> Double, _ budget: Double?) -> Measurement {
        Measurement(
            workload: "echo-\(bytes)\(suffix)", fibers: connections,
            nanoseconds: results.subjects.map(quantity).median, floorNanoseconds: results.floors.map(quantity).median,
            budgets: budget.map { [.ratio($0)] } ?? [])
    }
    return [
        measurement("", \.nanoseconds, budgets.time),
        measurement("-cpu", \.cpu, budgets.cpu),
        measurement("-p99", \.p99, budgets.p99),
    ]
}

/// The most that fibers may take, as multiples of libuv.
struct EchoBudgets {
    var time: Double
    var cpu: Double?
    var p99: Double?
}

/// In nanoseconds.
private struct EchoResult {
    /// From one answer to the next.
    let nanoseconds: Double
    let p99: Double
    /// Of the server, per request.
    let cpu: Double
}

// MARK: Servers

private func serveWithFibers(_ load: Load) throws -> EchoResult {
    let listener = try TCPListener.listen(on: 0, backlog: 4096)
    let server = Fiber.spawn { try serveClients(of: listener) }
    let result = try load.run(on: listener.address.port)
    listener.close()
    try server.wait()
    return result
}

private func serveClients(of listener: TCPListener) throws {
    try withFiberGroup { group in
        for client in listener { group.spawn { try? echo(client) } }
    }
}

private func echo(_ client: TCPConnection) throws {
    while case let bytes = try client.read(), !bytes.isEmpty { try client.write(bytes) }
}

private func serveWithLibuv(_ load: Load) throws -> EchoResult {
    var port: UInt16 = 0
    floor_use_core(0)
    guard let server = floor_echo_start(&port) else { throw ChildFailure(text: "libuv cannot serve") }
    defer { floor_echo_stop(server) }
    return try load.run(on: Int(port))
}

// MARK: Clients

/// Clients in a process of their own.
private struct Load {
    let connections: Int
    let bytes: Int

    func run(on port: Int) throws -> EchoResult {
        floor_use_core(1)
        let clients = Fiber.spawn {
            try childNumbers(LoadChild.name, "\(port)", "\(connections)", "\(bytes)", count: 3)
        }
        try Fiber.yield()
        floor_use_core(0)
        let begin = floor_process_time()
        let numbers = try clients.fetch()
        let cpu = Double(floor_process_time() - begin)
        return EchoResult(nanoseconds: numbers[0], p99: numbers[1], cpu: cpu / numbers[2])
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
