// SPDX-License-Identifier: MIT
@testable import Fibers
import Foundation
import Testing

@Suite struct LoopFairnessTests {
    @Test func `V12: a timer fires although two fibers yield for ever`() throws {
        try inFiber {
            var hasFired = false
            for _ in 0..<2 {
                Fiber.spawn { while !hasFired { try Fiber.yield() } }
            }
            try Fiber.spawn {
                try Fiber.sleep(for: .milliseconds(1))
                hasFired = true
            }.wait()
            #expect(hasFired)
        }
    }

    @Test func `V12: a wake-up from another thread arrives although two fibers yield for ever`() throws {
        try inFiber {
            var hasArrived = false
            let wakeUp = WakeUp()
            for _ in 0..<2 {
                Fiber.spawn { while !hasArrived { try Fiber.yield() } }
            }
            Thread.detachNewThread { wakeUp.send() }
            try wakeUp.wait()
            hasArrived = true
        }
    }

    @Test func `V12: a timer fires although fibers spawn each other for ever`() throws {
        try inFiber {
            var hasFired = false
            func spawnNext() {
                if !hasFired { Fiber.spawn(spawnNext) }
            }
            Fiber.spawn(spawnNext)
            try Fiber.sleep(for: .milliseconds(1))
            hasFired = true
        }
    }

    @Test func `S13 R6: an event only makes its fiber ready: it runs when its turn comes`() throws {
        try inFiber {
            var log: [String] = []
            Fiber.spawn {
                try Fiber.sleep(for: .microseconds(1))
                log.append("timer")
            }
            try Fiber.yield()
            let end = LoopClock.now.advanced(by: .milliseconds(1))
            while LoopClock.now < end {}
            log.append("busy")
            try Fiber.sleep(for: .zero)
            #expect(log == ["busy", "timer"])
        }
    }

    @Test func `C6 R6: an event handler that notifies makes all waiters ready, and runs none`() throws {
        try inFiber {
            let condition = Condition<String>()
            var states: [FiberState] = []
            let fibers = (0..<3).map { _ in Fiber.spawn { try condition.wait() } }
            let note = Note(for: .current) {
                condition.notify("event")
                states = fibers.map(\.state)
            }
            try Fiber.yield()
            note.send()
            while states.isEmpty { try Fiber.sleep(for: .zero) }
            try #expect(fibers.map { try $0.fetch() } == Array(repeating: "event", count: 3))
            #expect(states == [.queued, .queued, .queued])
        }
    }

    @Test func `S12: a scheduled fiber runs while the root waits for anything`() throws {
        try inFiber {
            var runs = 0
            Fiber.spawn {
                while true {
                    runs += 1
                    try Fiber.yield()
                }
            }
            try Fiber.sleep(for: .milliseconds(1))
            #expect(runs > 1)
        }
    }

    @Test func `an idle loop sleeps in the system and does not spin`() throws {
        try inFiber {
            Fiber.spawn { try Fiber.park() }
            let start = threadTime()
            try Fiber.sleep(for: .milliseconds(30))
            #expect(threadTime() - start < 0.015)
        }
    }

    @Test func `many loops run side by side on threads of their own`() {
        DispatchQueue.concurrentPerform(iterations: 8) { number in
            let sum = try? inFiber {
                let fibers = (0..<50).map { term in Fiber.spawn { term + number } }
                return try fibers.map { try $0.fetch() }.reduce(0, +)
            }
            #expect(sum == 1225 + 50 * number)
        }
    }
}

/// Seconds of processor time that the calling thread has used.
private func threadTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
