// SPDX-License-Identifier: MIT
import Foundation

/// What `Benchmarks/limits.txt` allows: counts that do not depend on how fast a machine is.
struct CountLimits {
    private let byName: [String: Double]

    init() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../limits.txt")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
        let pairs = try lines.map { line in
            let words = line.split(separator: " ")
            guard words.count == 2, let limit = Double(words[1]) else {
                throw ChildFailure(text: "limits.txt has the line: \(line)")
            }
            return (String(words[0]), limit)
        }
        byName = Dictionary(uniqueKeysWithValues: pairs)
    }

    func budgets(_ name: String, _ quantity: KeyPath<Measurement, Double?>, _ unit: String) -> [Budget] {
        byName[name].map { [Budget(quantity: quantity, limit: $0, unit: unit)] } ?? []
    }
}
