// SPDX-License-Identifier: MIT
import Fibers

/// Every call of the core, of channels and of producers that parks.
enum Park: CaseIterable {
    case explicitly, inYield, asleep, forCondition, forEvent, forSemaphore, forFiber, inTimedWait
    case inPut, inTake, inFetch, inChannelWait, inChannelLoop
    case forAnyFiber, forAllFibers, inConsume, inProducerLoop

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
        case .inPut: try Channel<Int>().put(1)
        case .inTake: _ = try Channel<Int>().take()
        case .inFetch: _ = try Channel<Int>(capacity: 1).fetch()
        case .inChannelWait: try Channel<Int>().wait()
        case .inChannelLoop: try Channel<Int>().forEach { _ in }
        case .forAnyFiber: try waitAny([Fiber {}])
        case .forAllFibers: try waitAll([Fiber {}, Fiber {}])
        case .inConsume: _ = try Producer<Int> { _ in try Fiber.park() }.consume()
        case .inProducerLoop: try Producer<Int> { _ in try Fiber.park() }.forEach { _ in }
        case .inTimedWait: _ = try timedWait(timeout: .seconds(3600)) { false }
        }
    }
}
