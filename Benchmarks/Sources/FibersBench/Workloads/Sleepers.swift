// SPDX-License-Identifier: MIT
import Fibers

/// Fibers that are asleep all at once, against as many libuv timers. Each runs in a process of its own.
func measureSleepers(fibers: Int, rounds: Int, against rivals: [Rival]) throws -> [Measurement] {
    var resident: [Double] = []
    let result = try compare(rounds: rounds, against: rivals.programs(for: "sleepers", "\(fibers)", "24")) {
        let result = try runChild(.fibers, count: fibers)
        resident.append(result.residentBytes / Double(fibers) / 1024)
        return result.nanoseconds / Double(fibers)
    } floor: {
        try runChild(.timers, count: fibers).nanoseconds / Double(fibers)
    }
    return Measurement(
        workload: "sleepers", fibers: fibers, nanoseconds: result.subject, floorNanoseconds: result.floor,
        residentKiBPerFiber: resident.median > 0 ? resident.median : nil,
        budgets: [.ratio(1.3), Budget(quantity: \.residentKiBPerFiber, limit: 4.5, unit: " KiB")]
    ).against(result.rivals)
}

/// A machine that is slow to give memory needs longer to put all to sleep: then once more, with more time.
private func runChild(_ subject: SleepersChild.Subject, count: Int) throws -> SleepersChild.Result {
    func run(headStart: Int) throws -> SleepersChild.Result {
        let numbers = try childNumbers(SleepersChild.name, subject.rawValue, "\(count)", "\(headStart)")
        return SleepersChild.Result(nanoseconds: numbers[0], residentBytes: numbers[1])
    }
    do {
        return try run(headStart: 6)
    } catch is ProcessFailedError {
        return try run(headStart: 24)
    }
}
