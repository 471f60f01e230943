// SPDX-License-Identifier: MIT
@testable import Fibers
import Testing

/// However a wait for a condition ends, the fiber has the lock again.
@Suite(.timeLimit(.minutes(1))) struct ConditionInterruptionThreadsTests {
    enum Ending: CaseIterable {
        case notification, errorForAll, errorForFirst, cancellation, error, timeLimit

        /// Ends the wait of the fiber, which is the only one, from another thread.
        func end(_ fiber: Threads.Fiber<Bool>, waitingFor condition: Threads.Condition<Int>) throws {
            switch self {
            case .notification: try condition.withLock { _ = condition.notify(1) }
            case .errorForAll: try condition.withLock { _ = condition.notify(throwing: Cut()) }
            case .errorForFirst: try condition.withLock { _ = condition.notifyOne(throwing: Cut()) }
            case .cancellation: fiber.cancel()
            case .error: fiber.schedule(throwing: Cut())
            case .timeLimit: break
            }
        }

        /// Whether the wait ended with this.
        func explains(_ error: (any Error)?) -> Bool {
            switch self {
            case .notification: error == nil
            case .errorForAll, .errorForFirst, .error: error is Cut
            case .cancellation: error is CancellationError
            case .timeLimit: error is TimeoutError
            }
        }

        func wait(for condition: Threads.Condition<Int>) throws {
            if self == .timeLimit {
                try withTimeout(.milliseconds(2)) { _ = try condition.wait() }
            } else {
                try condition.wait()
            }
        }
    }

    @Test(arguments: Ending.allCases)
    func `W5: the lock is held twice again, however the wait ends, and was free meanwhile`(ending: Ending) throws {
        try inFiber {
            let condition = Threads.Condition<Int>()
            let waiter = try Threads.spawn {
                for _ in 0..<2 { try condition.lock.lock() }
                let error = failure { try ending.wait(for: condition) }
                let depth = condition.lock.heldDepth
                for _ in 0..<2 { condition.lock.unlock() }
                return ending.explains(error) && depth == 2
            }
            if ending != .timeLimit { try awaitWaiters(1, of: condition) }
            try condition.withLock {}
            try ending.end(waiter, waitingFor: condition)
            try #expect(waiter.fetch())
            #expect(!condition.lock.isLocked && condition.isEmpty)
        }
    }

    @Test(arguments: Ending.allCases.filter { $0 != .timeLimit })
    func `W5: a wait that has ended waits for the lock, whatever else comes`(ending: Ending) throws {
        try inFiber {
            let condition = Threads.Condition<Int>()
            let waiter = try Threads.spawn {
                for _ in 0..<2 { try condition.lock.lock() }
                defer { for _ in 0..<2 { condition.lock.unlock() } }
                let error = failure { try ending.wait(for: condition) }
                let next = failure(of: Fiber.yield)
                return ending.explains(error) && condition.lock.heldDepth == 2 && next is CancellationError
            }
            try awaitWaiters(1, of: condition)
            try condition.withLock {
                try ending.end(waiter, waitingFor: condition)
                try awaitWaiters(1, of: condition.lock)
                #expect(condition.isEmpty)
                waiter.cancel()
                try drain()
                #expect(!waiter.isDone)
            }
            try #expect(waiter.fetch())
        }
    }

    @Test func `W5: a wait whose time is over waits for the lock, too`() throws {
        try inFiber {
            let (condition, isBack) = (Threads.Condition<Void>(), Flag())
            try condition.lock.lock()
            let holder = try Threads.spawn {
                try condition.withLock {
                    try awaitWaiters(1, of: condition.lock)
                    return !isBack.isSet
                }
            }
            try awaitWaiters(1, of: condition.lock)
            #expect(throws: TimeoutError.self) { try withTimeout(.milliseconds(1)) { try condition.wait() } }
            isBack.set()
            condition.lock.unlock()
            try #expect(holder.fetch())
        }
    }

    @Test func `W5: a fiber that was interrupted before does not wait, and keeps the lock`() throws {
        try inFiber {
            let condition = Threads.Condition<Void>()
            let fiber = Fiber.spawn {
                for _ in 0..<2 { try condition.lock.lock() }
                Fiber.current.cancel()
                #expect(throws: CancellationError.self) { try condition.wait() }
                #expect(condition.lock.heldDepth == 2)
                for _ in 0..<2 { condition.lock.unlock() }
            }
            try? fiber.wait()
            #expect(!condition.lock.isLocked)
        }
    }

    @Test func `a message that meets an interruption is never lost: it is returned, or another gets the next`() throws {
        try inFiber {
            let condition = Threads.Condition<Int>()
            for round in 0..<300 {
                let waiter = try Threads.spawn { try condition.withLock { try condition.wait() } }
                try awaitWaiters(1, of: condition)
                let canceller = try Threads.spawn(on: .interactive) { waiter.cancel() }
                let woken = try condition.withLock { condition.notifyOne(round) }
                try canceller.wait()
                let message = try? waiter.fetch()
                #expect(message == (woken == 1 ? round : nil) && condition.isEmpty)
            }
        }
    }
}
