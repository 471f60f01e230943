// SPDX-License-Identifier: MIT
import Fibers
import ProcessGroups
import SystemPackage

/// A program that failed, and does not start again.
struct ServiceFailedError: Error {
    let name: String
    let status: ExitStatus
}

/// A program of the Procfile.
final class Service {
    let name: String
    private let command: Command
    private let restart: Restart
    private var backOff: BackOff
    private let groups: ProcessGroups
    private let console: Console

    init(
        name: String, command: Command, restart: Restart, backOff: BackOff, _ groups: ProcessGroups, _ console: Console
    ) {
        self.name = name
        self.command = command
        self.restart = restart
        self.backOff = backOff
        self.groups = groups
        self.console = console
    }

    /// Parks until the program has ended and does not start again.
    ///
    /// - Throws: ``ServiceFailedError``; `CancellationError` if the fiber is cancelled, and the program has ended.
    func run() throws {
        while true {
            let start = LoopClock.now
            let status = try runOnce()
            guard restart.applies(to: status) else {
                try console.note("\(status)", about: name)
                guard status.isSuccess else { throw ServiceFailedError(name: name, status: status) }
                return
            }
            let delay = backOff.delay(afterRunOf: start.duration(to: LoopClock.now))
            try console.note("\(status), starts again in \(delay)", about: name)
            try Fiber.sleep(for: delay)
        }
    }

    private func runOnce() throws -> ExitStatus {
        try console.note("starts", about: name)
        do {
            return try groups.run(command) { [console, name] in try console.copyLines(of: $0, as: name) }
        } catch let error as IOError {
            try console.note("\(error)", about: name)
            return .exited(error.code == .noSuchFileOrDirectory ? 127 : 126)  // as shells have it
        }
    }
}
