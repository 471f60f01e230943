// SPDX-License-Identifier: MIT

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Prints measurements as they come: a table, or one JSON object per line.
struct Reporter {
    let json: Bool

    func begin(_ rivals: [Rival]) {
        guard !json else { return }
        if !rivals.isEmpty { write("rivals: " + rivals.map { "\($0.name) (\($0.version))" }.joined(separator: ", ")) }
        let names = ["ns/op", "floor", "ratio", "to rival", "KiB/fiber", "allocs/op", "instr/op", "CPU %"]
        let heads = zip(names, Reporter.widths)
        let columns = heads.map { $0.aligned(to: $1) }.joined()
        write("workload".padded(to: 32) + "fibers".aligned(to: 8) + columns + "  budget")
    }

    func show(_ measurement: Measurement) {
        write(json ? measurement.json : row(measurement))
    }

    private static let widths = [10, 10, 8, 10, 11, 11, 10, 8]

    private func row(_ measurement: Measurement) -> String {
        let times = [measurement.nanoseconds, measurement.floorNanoseconds].map { $0.map { $0.text(digits: 4) } }
        let numbers =
            times + [
                measurement.ratio?.text(places: 2), measurement.rivalRatio?.text(places: 2),
                measurement.residentKiBPerFiber?.text(places: 2), measurement.allocationsPerOperation?.text(places: 3),
                measurement.instructionsPerOperation?.text(places: 1),
                measurement.cpuPercent?.text(places: 3),
            ]
        let cells = zip(numbers, Reporter.widths).map { ($0 ?? "").aligned(to: $1) }
        let verdicts = measurement.budgets.map { $0.verdict(on: measurement) }
        return measurement.title.padded(to: 32) + (measurement.fibers.map { "\($0)" } ?? "").aligned(to: 8)
            + cells.joined() + "  " + (verdicts.isEmpty ? "none" : verdicts.joined(separator: ", "))
    }

    private func write(_ line: String) {
        print(line)
        fflush(nil)
    }
}

extension Measurement {
    /// Rivals stand below, a little to the right.
    var title: String { version == nil ? workload : "  \(subject)" }

    var json: String {
        let fields: [(name: String, value: String?)] = [
            ("workload", "\"\(workload)\""), ("subject", "\"\(subject)\""),
            ("version", version.map { "\"\($0)\"" }), ("fibers", fibers.map { "\($0)" }),
            ("ns_per_op", nanoseconds?.text(places: 3)), ("floor_ns_per_op", floorNanoseconds?.text(places: 3)),
            ("ratio", ratio?.text(places: 3)), ("best_rival", bestRival.map { "\"\($0.name)\"" }),
            ("ratio_to_best_rival", rivalRatio?.text(places: 3)),
            ("rss_kib_per_fiber", residentKiBPerFiber?.text(places: 3)),
            ("allocations_per_op", allocationsPerOperation?.text(places: 6)),
            ("instructions_per_op", instructionsPerOperation?.text(places: 3)),
            ("cpu_percent", cpuPercent?.text(places: 4)),
        ]
        let present = fields.compactMap { field in field.value.map { "\"\(field.name)\":\($0)" } }
        return "{" + present.joined(separator: ",") + "}"
    }
}

// MARK: Text

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    func aligned(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}

extension Double {
    /// With two places, or as few as leave so many digits.
    func text(digits: Int) -> String {
        let whole = "\(Int(self))".count
        return text(places: max(0, min(2, digits - whole)))
    }

    /// A small number is rounded up, so that a trace of an allocation does not look like none.
    func text(places: Int) -> String {
        let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
        let scaled = Int((self * Double(scale)).rounded(self < 0.01 ? .up : .toNearestOrAwayFromZero))
        guard places > 0 else { return "\(scaled)" }
        let fraction = "\(scaled % scale)"
        return "\(scaled / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
    }
}
