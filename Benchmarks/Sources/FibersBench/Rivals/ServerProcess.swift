// SPDX-License-Identifier: MIT
import CFloor
import Fibers
import Foundation

/// A program that prints a port, serves there on the first core, and is killed with this object.
final class ServerProcess {
    let port: Int
    private let process: CInt
    private let output: CInt

    init(_ command: Command) throws {
        var output: CInt = -1
        var words = ([command.program] + command.arguments).map { strdup($0.description) } + [nil]
        defer { words.forEach { free($0) } }
        process = floor_start_on_core(0, &words, &output)
        self.output = output
        guard process > 0 else { throw ChildFailure(text: "\(command) cannot be started on a core of its own") }
        port = floor_read_number(output, 20)
        guard port > 0 else { throw ChildFailure(text: "\(command) printed no port") }
    }

    deinit { floor_end_process(process, output) }

    /// Nanoseconds that it has used so far.
    var cpuTime: UInt64 { floor_process_time_of(process) }
}
