// SPDX-License-Identifier: MIT

/// What a run needs more of than an earlier one.
struct Changes {
    private let earlier: [String: Record]
    private var found: [String] = []

    /// - Parameter path: Of what `--json` printed then.
    init(since path: String) throws {
        earlier = Dictionary(try Record.read(path).map { ($0.key, $0) }) { $1 }
    }

    mutating func add(_ measurement: Measurement) {
        let now = Record(measurement)
        guard let then = earlier[now.key] else { return }
        for quantity in Quantity.all {
            found += quantity.growth(from: then, to: now).map { ["\(now.key): \($0)"] } ?? []
        }
    }

    /// For people.
    var description: String {
        found.isEmpty ? "nothing needs more than before" : "more than before:\n  " + found.joined(separator: "\n  ")
    }
}

/// A number of a record of which less is better.
private struct Quantity {
    let unit: String
    let value: @Sendable (Record) -> Double?
    /// What does not count as growth, as a share: times differ from run to run.
    let tolerance: Double

    /// Where there is a floor the ratio to it counts: the machine may be another one, or busier.
    static let all = [
        Quantity(unit: "x floor", value: \.ratio, tolerance: 0.05),
        Quantity(unit: " ns", value: { $0.floorNanoseconds == nil ? $0.nanoseconds : nil }, tolerance: 0.1),
        Quantity(unit: " KiB", value: \.residentKiB, tolerance: 0.02),
        Quantity(unit: " allocations", value: \.allocations, tolerance: 0),
        Quantity(unit: " instructions", value: \.instructions, tolerance: 0.01),
    ]

    func growth(from then: Record, to now: Record) -> String? {
        guard let before = value(then), let after = value(now), after > before * (1 + tolerance) else { return nil }
        let share = before > 0 ? ", \(((after / before - 1) * 100).text(places: 1)) % more" : ""
        return "\(before.text(places: 2)) to \(after.text(places: 2))\(unit)\(share)"
    }
}

extension Record {
    fileprivate var ratio: Double? {
        guard let nanoseconds, let floorNanoseconds else { return nil }
        return nanoseconds / floorNanoseconds
    }
}
