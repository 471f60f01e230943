// SPDX-License-Identifier: MIT
import Fibers
import ProcessGroups

/// All programs together: they end when all have, when one fails, or when somebody asks for it.
final class Supervision {
    private let services: [Service]
    private let groups: ProcessGroups
    private let console: Console
    /// Why all end.
    private var reason: Reason?

    private enum Reason {
        case failed(ExitStatus)
        case told
        case toldAgain(Signal)
    }

    init(of services: [Service], _ groups: ProcessGroups, _ console: Console) {
        self.services = services
        self.groups = groups
        self.console = console
    }

    /// Parks until nobody is left.
    ///
    /// - Returns: With which status to exit.
    func run() throws -> Int {
        let signals = try Signals(.interrupt, .terminate, .hangup, .quit, secondInterrupt: .isDelivered)
        defer { signals.close() }
        do {
            try withFiberGroup(onFailure: .cancelOthers) { group in
                for service in services { group.spawn(name: service.name) { [self] in try run(service) } }
                // Not in the group, which would wait for it.
                Fiber.spawn(name: "signals") { [self] in for signal in signals { handle(signal, group) } }
            }
        } catch let error as CompositeError where error.rootCause is ServiceFailedError {}
        return exitStatus
    }

    private func run(_ service: Service) throws {
        do {
            try service.run()
        } catch let error as ServiceFailedError {
            if reason == nil {
                reason = .failed(error.status)
                try Fiber.shield { try console.note("\(service.name) failed: stopping all") }
            }
            throw error
        }
    }

    private func handle(_ signal: Signal, _ group: FiberGroup) {
        guard reason != nil else {
            reason = .told
            group.cancelAll()
            try? console.note("\(signal): stopping all")
            return
        }
        if case .told = reason { reason = .toldAgain(signal) }
        groups.killAll()
        try? console.note("\(signal): killing all")
    }

    private var exitStatus: Int {
        switch reason {
        case nil, .told: 0
        case .failed(let status): status.shellStatus
        case .toldAgain(let signal): ExitStatus.signaled(signal).shellStatus
        }
    }
}

extension ExitStatus {
    /// As shells have it.
    fileprivate var shellStatus: Int {
        switch self {
        case .exited(let status): status
        case .signaled(let signal): 128 + Int(signal.rawValue)
        }
    }
}
