// SPDX-License-Identifier: MIT
import CFloor

/// TCP servers that send back what comes, each a process on one core; clients on the other.
func measureEcho(_ options: Run, against rivals: [Rival], reporting report: (Measurement) -> Void) throws {
    let loads = [
        EchoLoad(workload: "echo-64", connections: 1, bytes: 64, limits: [1 / 0.95]),
        EchoLoad(workload: "echo-64", connections: 64, bytes: 64, limits: [1 / 0.97, 1.05, 1.15]),
        EchoLoad(workload: "echo-64", connections: 1000, bytes: 64, limits: [1 / 0.97, 1.05, 1.15]),
        EchoLoad(workload: "echo-16384", connections: 64, bytes: 16_384, limits: [1 / 0.95]),
    ]
    try measure(loads, options, reporting: report) {
        try EchoServers(.fibers, floor: .libuv, rivals.programs(for: "echo"))
    }
}

/// The same through TLS, on connections that stay, and on new ones.
func measureEchoTLS(_ options: Run, against rivals: [Rival], reporting report: (Measurement) -> Void) throws {
    guard floor_has_tls else { return }
    let loads = [
        EchoLoad(workload: "echo-tls", clients: .tls, connections: 64, bytes: 64),
        EchoLoad(workload: "tls-handshake", clients: .newTLS, connections: 16, bytes: 64),
    ]
    try measure(loads, options, reporting: report) {
        try EchoServers(.fibersTLS, floor: .openSSL, rivals.programs(for: "echo-tls"))
    }
}

private func measure(
    _ loads: [EchoLoad], _ options: Run, reporting report: (Measurement) -> Void, _ servers: () throws -> EchoServers
) throws {
    guard floor_has_load, floor_use_cores(2) else { return }
    floor_use_all_cores()
    _ = floor_raise_descriptor_limit()
    for load in loads where options.fibers ?? load.connections == load.connections {
        try servers().measure(load, rounds: options.rounds ?? 5).forEach(report)
    }
}
