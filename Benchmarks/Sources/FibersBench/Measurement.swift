// SPDX-License-Identifier: MIT

/// What one run of a workload found. What does not apply is nil.
struct Measurement {
    let workload: String
    /// Whose figures these are; a rival's version is told, too.
    var subject = "swift-fibers"
    var version: String?
    var fibers: Int?
    var nanoseconds: Double?
    var floorNanoseconds: Double?
    var bestRival: RivalResult?
    var residentKiBPerFiber: Double?
    var allocationsPerOperation: Double?
    var instructionsPerOperation: Double?
    /// Share of one core.
    var cpuPercent: Double?
    var budgets: [Budget] = []

    var ratio: Double? {
        guard let nanoseconds, let floorNanoseconds else { return nil }
        return nanoseconds / floorNanoseconds
    }

    /// To the rival that needs least.
    var rivalRatio: Double? {
        guard let nanoseconds, let bestRival else { return nil }
        return nanoseconds / bestRival.nanoseconds
    }

    /// This, compared with the best of the rivals, and theirs.
    func against(_ rivals: [RivalResult]) -> [Measurement] {
        var own = self
        own.bestRival = rivals.min { $0.nanoseconds < $1.nanoseconds }
        return [own]
            + rivals.map { rival in
                Measurement(
                    workload: workload, subject: rival.name, version: rival.version, fibers: fibers,
                    nanoseconds: rival.nanoseconds, floorNanoseconds: floorNanoseconds,
                    residentKiBPerFiber: rival.residentKiBPerFiber)
            }
    }
}

/// The most that one number of a measurement may be.
struct Budget {
    let quantity: KeyPath<Measurement, Double?>
    let limit: Double
    let unit: String

    static func ratio(_ limit: Double) -> Budget { Budget(quantity: \.ratio, limit: limit, unit: "x floor") }

    /// "1.5x floor: met", or that the number could not be measured here.
    func verdict(on measurement: Measurement) -> String {
        let text = "\(limit.text(places: limit == limit.rounded() ? 0 : 1))\(unit): "
        guard let value = measurement[keyPath: quantity] else { return text + "not measured" }
        return text + (value <= limit ? "met" : "MISSED")
    }
}
