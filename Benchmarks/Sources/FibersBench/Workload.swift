// SPDX-License-Identifier: MIT
import ArgumentParser

/// What can be measured.
enum Workload: String, CaseIterable, ExpressibleByArgument {
    case switching = "switch"
    case switchTo = "switch-to"
    case spawn
    case condition
    case notify
    case channel
    case sharedChannel = "shared-channel"
    case wake
    case threads
    case skynet
    case allocations
    case instructions
    case lines
    case linesSocket = "lines-socket"
    case echo
    case echoTLS = "echo-tls"
    case connections
    case processes
    case idle
    case sleepers
    case all

    var parts: [Workload] {
        self == .all ? Workload.allCases.filter { $0 != .all } : [self]
    }

    func measure(with options: Run, against rivals: [Rival], reporting report: (Measurement) -> Void) throws {
        let rounds = options.rounds ?? 7
        switch self {
        case .switching:
            try switchCounts(options).forEach {
                try measureSwitch(fibers: $0, rounds: rounds, against: rivals).forEach(report)
            }
        case .switchTo: report(try measureSwitchTo(rounds: rounds))
        case .spawn:
            try spawnCounts(options).forEach {
                try measureSpawn(fibers: $0, rounds: rounds, against: rivals).forEach(report)
            }
        case .condition: try measureCondition(rounds: rounds, against: rivals).forEach(report)
        case .notify: report(try measureNotify(waiters: options.fibers ?? 1000, rounds: rounds))
        case .channel: try measureChannel(rounds: rounds, against: rivals).forEach(report)
        case .sharedChannel: try measureSharedChannel(rounds: rounds).forEach(report)
        case .wake: try [1, 2].forEach { try measureWake(cores: $0, rounds: rounds).map(report) }
        case .threads: try measureThreads(rounds: rounds).forEach(report)
        case .skynet:
            try [.one, .pool].forEach {
                try measureSkynet($0, leaves: options.fibers ?? 1_000_000, rounds: rounds, against: rivals).forEach(
                    report)
            }
        case .allocations: try measureAllocations().forEach(report)
        case .instructions: try measureInstructions().forEach(report)
        case .lines: try measureLines(rounds: options.rounds ?? 3).forEach(report)
        case .linesSocket: try measureLinesSocket(rounds: options.rounds ?? 5).forEach(report)
        case .echo: try measureEcho(options, against: rivals, reporting: report)
        case .echoTLS: try measureEchoTLS(options, against: rivals, reporting: report)
        case .connections: try measureConnections(options.fibers ?? 10_000).map(report)
        case .processes: try measureProcesses(rounds: options.rounds ?? 5, against: rivals).forEach(report)
        case .idle: report(try measureIdle(fibers: options.fibers ?? 10_000, seconds: options.seconds))
        case .sleepers:
            try measureSleepers(fibers: options.fibers ?? 1_000_000, rounds: options.rounds ?? 3, against: rivals)
                .forEach(report)
        case .all: try parts.forEach { try $0.measure(with: options, against: rivals, reporting: report) }
        }
    }

    private func switchCounts(_ options: Run) -> [Int] { options.fibers.map { [$0] } ?? [2, 100, 1000] }

    private func spawnCounts(_ options: Run) -> [Int] { options.fibers.map { [$0] } ?? [1, 1000] }
}
