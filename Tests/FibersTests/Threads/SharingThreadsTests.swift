// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import Testing

/// Which thread runs a fiber, and what threads may share.
@Suite(.timeLimit(.minutes(1))) struct SharingThreadsTests {
    /// Whether the calling fiber is on the same thread after each of a hundred switches.
    private static func stays() throws -> Bool {
        let home = pthread_self()
        return try (0..<100).allSatisfy { round in
            if round.isMultiple(of: 25) { try Fiber.sleep(for: .zero) } else { try Fiber.yield() }
            return pthread_self() == home
        }
    }

    @Test func `TH5: what a fiber of a pool spawns runs on its thread, and both stay there`() throws {
        try inFiber {
            let stay = try onThreeThreads { _ in
                let home = pthread_self()
                let children = (0..<3).map { _ in Fiber.spawn { try Self.stays() && pthread_self() == home } }
                return try Self.stays() && children.allSatisfy { try $0.fetch() } && pthread_self() == home
            }
            #expect(stay == [true, true, true])
        }
    }

    @Test func `TH6: the compiler lets threads share what is made for them, and it works there`() throws {
        try inFiber {
            let (channel, event, semaphore) = (Channel<Int>(capacity: 1), Event(), Semaphore(1))
            let (lock, value, condition) = (ReentrantLock(), Lockable(0), Threads.Condition<Int>())
            let (wakeUp, answer) = (WakeUp(), try Threads.spawn { 42 })
            let use: @Sendable () throws -> Void = {
                try channel.put(answer.fetch())
                try semaphore.withPermit { try lock.withLock { try value.withLock { $0 += 1 } } }
                try condition.withLock { _ = condition.notify(1) }
                event.notify()
                wakeUp.send()
            }
            try withFiberGroup { group in
                try group.spawn(on: .interactive) { _ = group.spawn(use) }
                try event.wait()
                try wakeUp.wait()
            }
            try #expect(channel.take() == 42 && value.withLock(\.self) == 1)
        }
    }

    /// A fiber of a worker, past the compiler, which has parked when this returns; and how to let it end.
    private func smuggleParkedFiber() throws -> (fiber: Plain<AnyFiber>, handle: Threads.Fiber<Void>) {
        let (isParked, box) = (WakeUp(), Plain<AnyFiber>(Fiber.current))
        let handle = try Threads.spawn {
            box.value = Fiber.current
            Fiber.spawn { isParked.send() }
            try Fiber.park()
        }
        try isParked.wait()
        return (box, handle)
    }

    @Test func `TH7: switching to a fiber of another thread is refused, and leaves it as it was`() throws {
        try inFiber {
            let (smuggled, handle) = try smuggleParkedFiber()
            let calls = [
                { _ = try Fiber.switch(to: smuggled.value) }, { try Fiber.yield(to: smuggled.value) },
                { _ = try Fiber.switch(to: smuggled.value, passing: 1) },
            ]
            for call in calls {
                let error = failure(of: call) as? ConcurrencyViolationError
                #expect(error?.message == "cannot switch to a fiber that belongs to another thread")
            }
            #expect(!handle.isDone)
            handle.schedule()
            try handle.wait()
        }
    }
}
