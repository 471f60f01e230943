// SPDX-License-Identifier: MIT
import ArgumentParser
import CFloor

/// Clients in a process of their own, on the second core.
struct EchoLoad {
    enum Clients: String, ExpressibleByArgument {
        case tcp
        case tls
        /// Every request on a connection of its own.
        case newTLS = "new-tls"
    }

    let workload: String
    var clients = Clients.tcp
    let connections: Int
    let bytes: Int
    /// The most that fibers may take, as multiples of the floor: in the order of the quantities.
    var limits: [Double] = []

    /// From one answer to the next; CPU of the server per request; what 99 of 100 requests take at most.
    static let quantities = ["", "-cpu", "-p99"]

    /// The nanoseconds of the quantities.
    func run(on server: ServerProcess) throws -> [Double] {
        floor_use_core(1)
        defer { floor_use_all_cores() }
        let begin = server.cpuTime
        let numbers = try childNumbers(
            LoadChild.name, clients.rawValue, "\(server.port)", "\(connections)", "\(bytes)", count: 3)
        return [numbers[0], Double(server.cpuTime - begin) / numbers[2], numbers[1]]
    }
}

struct LoadChild: ParsableCommand {
    static let name = "load-child"
    static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

    @Argument var clients: EchoLoad.Clients
    @Argument var port: UInt16
    @Argument var connections: Int
    @Argument var bytes: Int

    func run() throws {
        var load = floor_load()
        let hasSucceeded =
            clients == .tcp
            ? floor_load_run(port, connections, bytes, 1, &load)
            : floor_tls_load_run(port, connections, bytes, clients == .newTLS, 1, &load)
        guard hasSucceeded else { throw ChildFailure(text: "a client failed") }
        print(load.nanoseconds, load.p99, load.requests)
    }
}
