// SPDX-License-Identifier: MIT
import Fibers

/// Runs this program again with `arguments` and returns the numbers that it prints.
func childNumbers(_ arguments: String..., count: Int = 2) throws -> [Double] {
    let output = String(decoding: try Command(CommandLine.arguments[0], arguments: arguments).output(), as: UTF8.self)
    let numbers = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    guard numbers.count == count else { throw ChildFailure(text: "the child printed: \(output)") }
    return numbers
}

struct ChildFailure: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}
