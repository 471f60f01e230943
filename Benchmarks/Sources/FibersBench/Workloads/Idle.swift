// SPDX-License-Identifier: MIT
import CFloor
import Fibers

/// Fibers that are parked and must cost nothing: the share of a core that the process uses meanwhile.
func measureIdle(fibers count: Int, seconds: Int) throws -> Measurement {
    let fibers = (0..<count).map { _ in
        Fiber.spawn { _ = try Fiber.park() }
    }
    try Fiber.yield()
    let used = try processTime { try Fiber.sleep(for: .seconds(seconds)) }
    for fiber in fibers { fiber.schedule() }
    for fiber in fibers { try fiber.wait() }
    return Measurement(
        workload: "idle", fibers: count, cpuPercent: used / Double(seconds) / 1e9 * 100,
        budgets: [Budget(quantity: \.cpuPercent, limit: 0.5, unit: " %")])
}

/// Nanoseconds of CPU.
private func processTime(_ body: () throws -> Void) rethrows -> Double {
    let start = floor_process_time()
    try body()
    return Double(floor_process_time() - start)
}
