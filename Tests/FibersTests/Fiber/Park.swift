// SPDX-License-Identifier: MIT
import Fibers

/// Every call of the core that parks.
enum Park: CaseIterable {
    case explicitly, inYield, asleep, forCondition, forEvent, forSemaphore, forFiber, inTimedWait

    func park() throws {
        switch self {
        case .explicitly: try Fiber.park()
        case .inYield: try Fiber.yield()
        case .asleep: try Fiber.sleep(for: .seconds(3600))
        case .forCondition: try Condition<Void>().wait()
        case .forEvent: try Event().wait()
        case .forSemaphore:
            let semaphore = Semaphore(1)
            for _ in 0..<2 { try semaphore.acquire() }
        case .forFiber: try Fiber {}.wait()
        case .inTimedWait: _ = try timedWait(timeout: .seconds(3600)) { false }
        }
    }
}
