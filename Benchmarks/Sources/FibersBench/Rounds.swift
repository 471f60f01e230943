// SPDX-License-Identifier: MIT

extension Array<Double> {
    var median: Double {
        let sorted = sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// Medians of rounds in which all took turns.
struct Comparison {
    let subject: Double
    /// Nil if there is none.
    let floor: Double?
    let rivals: [RivalResult]
}

/// Medians of `rounds` rounds, after a first that does not count. A floor of nil does not exist.
func compare(
    rounds: Int, against rivals: [RivalProgram] = [], _ subject: () throws -> Double, floor: () throws -> Double?
) rethrows -> Comparison {
    let rivals = RivalRounds(rivals)
    var (subjects, floors): ([Double], [Double?]) = ([], [])
    for round in 0...rounds {
        floors.append(try floor())
        subjects.append(try subject())
        rivals.run(isWarmUp: round == 0)
    }
    let counted = floors.dropFirst().compactMap { $0 }
    return Comparison(
        subject: Array(subjects.dropFirst()).median, floor: counted.isEmpty ? nil : counted.median,
        rivals: rivals.results)
}
