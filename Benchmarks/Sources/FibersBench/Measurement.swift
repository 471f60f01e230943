// SPDX-License-Identifier: MIT

/// What one run of a workload found. What does not apply is nil.
struct Measurement {
    let workload: String
    var fibers: Int?
    var nanoseconds: Double?
    var floorNanoseconds: Double?
    var residentKiBPerFiber: Double?
    var allocationsPerOperation: Double?
    /// Share of one core.
    var cpuPercent: Double?
    var budgets: [Budget] = []

    var ratio: Double? {
        guard let nanoseconds, let floorNanoseconds else { return nil }
        return nanoseconds / floorNanoseconds
    }
}

/// The most that one number of a measurement may be.
struct Budget {
    let quantity: KeyPath<Measurement, Double?>
    let limit: Double
    let unit: String

    static func ratio(_ limit: Double) -> Budget { Budget(quantity: \.ratio, limit: limit, unit: "x floor") }

    /// "1.5x floor: met", or nil if the number could not be measured here.
    func verdict(on measurement: Measurement) -> String {
        let text = "\(limit.text(places: limit == limit.rounded() ? 0 : 1))\(unit): "
        guard let value = measurement[keyPath: quantity] else { return text + "not measured" }
        return text + (value <= limit ? "met" : "MISSED")
    }
}

// MARK: Rounds

extension Array<Double> {
    var median: Double {
        let sorted = sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// Medians of `rounds` alternating calls. A floor of nil does not exist.
func compare(
    rounds: Int, _ subject: () throws -> Double, floor: () throws -> Double?
) rethrows -> (subject: Double, floor: Double?) {
    let results = try alternate(rounds: rounds, subject, floor: floor)
    let floors = results.floors.compactMap { $0 }
    return (results.subjects.median, floors.isEmpty ? nil : floors.median)
}

/// What `rounds` alternating calls return, after a first call of each that does not count.
func alternate<Subject, Floor>(
    rounds: Int, _ subject: () throws -> Subject, floor: () throws -> Floor
) rethrows -> (subjects: [Subject], floors: [Floor]) {
    _ = (try floor(), try subject())
    var (subjects, floors): ([Subject], [Floor]) = ([], [])
    for _ in 0..<rounds {
        floors.append(try floor())
        subjects.append(try subject())
    }
    return (subjects, floors)
}
