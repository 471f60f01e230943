// SPDX-License-Identifier: MIT
import Fibers

/// Runs this program again with `arguments` and returns the numbers that it prints.
func childNumbers(_ arguments: String..., count: Int = 2) throws -> [Double] {
    let command = Command(CommandLine.arguments[0], arguments: arguments)
    let numbers = try printedNumbers(of: command)
    guard numbers.count == count else { throw ChildFailure(text: "\(command) printed \(numbers.count) numbers") }
    return numbers
}

/// Runs a program that prints nothing but numbers.
func printedNumbers(of command: Command) throws -> [Double] {
    let output = String(decoding: try command.output(), as: UTF8.self)
    let words = output.split(whereSeparator: \.isWhitespace)
    let numbers = words.compactMap { Double($0) }
    guard !words.isEmpty, numbers.count == words.count else { throw ChildFailure(text: "it printed: \(output)") }
    return numbers
}

struct ChildFailure: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}
