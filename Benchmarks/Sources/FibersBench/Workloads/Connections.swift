// SPDX-License-Identifier: MIT
import ArgumentParser
import CFloor
import Fibers

/// Connections on which nothing happens, each with a fiber that waits to read: by how much the process grows for each.
func measureConnections(_ count: Int) throws -> Measurement? {
    guard floor_has_load, floor_raise_descriptor_limit() > count + 100 else { return nil }
    let listener = try TCPListener.listen(on: 0, backlog: 4096)
    let before = floor_resident_bytes()
    let clients = Fiber.spawn {
        try childNumbers(IdleClientsChild.name, "\(listener.address.port)", "\(count)")
    }
    let growth = try holdConnections(count, of: listener) { floor_resident_bytes() - before }
    try clients.wait()
    return Measurement(
        workload: "connections", fibers: count, residentKiBPerFiber: Double(growth) / Double(count) / 1024,
        budgets: [Budget(quantity: \.residentKiBPerFiber, limit: 8, unit: " KiB")])
}

/// Serves until all are idle, looks, and sends them away.
private func holdConnections(
    _ count: Int, of listener: TCPListener, _ look: @escaping () -> UInt64
) throws -> UInt64 {
    let allAreIdle = Event()
    return try withFiberGroup { group in
        var served = 0
        for number in 1...count {
            let connection = try listener.accept()
            group.spawn {
                while case let bytes = try connection.read(), !bytes.isEmpty {
                    try connection.write(bytes)
                    served += 1
                    if served == count { allAreIdle.notify() }
                }
            }
            if number == count { listener.close() }
        }
        try allAreIdle.wait()
        try Fiber.yield()
        defer { group.cancelAll() }
        return look()
    }
}

struct IdleClientsChild: ParsableCommand {
    static let name = "idle-clients-child"
    static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

    @Argument var port: UInt16
    @Argument var count: Int

    func run() throws {
        _ = floor_raise_descriptor_limit()
        guard floor_idle_clients(port, count) else { throw ChildFailure(text: "a client failed") }
        print(count, 0)
    }
}
