// SPDX-License-Identifier: MIT
import Dispatch
import Fibers
import Foundation
import Testing

@Suite struct WakeUpTests {
    @Test func `a send from another thread wakes the fiber that waits`() throws {
        try inFiber {
            let wakeUp = WakeUp()
            let waiter = Fiber.spawn { try wakeUp.wait() }
            try drain()
            #expect(waiter.state == .waiting)
            DispatchQueue.global().async { wakeUp.send() }
            try waiter.wait()
        }
    }

    @Test func `a send that comes when nobody waits is remembered`() throws {
        try inFiber {
            let wakeUp = WakeUp()
            DispatchQueue.global().sync { wakeUp.send() }
            try wakeUp.wait()
        }
    }

    @Test func `IO7: sends before the loop looks merge into one`() throws {
        try inFiber {
            let wakeUp = WakeUp()
            DispatchQueue.concurrentPerform(iterations: 1000) { _ in wakeUp.send() }
            try wakeUp.wait()
            let second = Fiber.spawn { try wakeUp.wait() }
            try Fiber.sleep(for: .milliseconds(1))
            #expect(second.state == .waiting)
        }
    }

    @Test func `each send wakes one fiber`() throws {
        try inFiber {
            let wakeUp = WakeUp()
            let waiters = (0..<2).map { _ in Fiber.spawn { try wakeUp.wait() } }
            try drain()
            wakeUp.send()
            try waiters[0].wait()
            #expect(waiters[1].state == .waiting)
            wakeUp.send()
            try waiters[1].wait()
        }
    }

    @Test func `a cancelled wait loses no send`() throws {
        try inFiber {
            let wakeUp = WakeUp()
            let waiter = Fiber.spawn { try wakeUp.wait() }
            try drain()
            waiter.cancel()
            #expect(failure(of: waiter) is CancellationError)
            wakeUp.send()
            try wakeUp.wait()
        }
    }

    @Test func `IO7: closing gives ClosedError to who waits and who will`() throws {
        try inFiber {
            let wakeUp = WakeUp()
            let waiter = Fiber.spawn { try wakeUp.wait() }
            try drain()
            wakeUp.close()
            wakeUp.close()
            #expect(failure(of: waiter) is ClosedError)
            #expect(throws: ClosedError.self) { try wakeUp.wait() }
        }
    }

    @Test func `a send after closing does nothing`() throws {
        try inFiber {
            let wakeUp = WakeUp()
            wakeUp.close()
            DispatchQueue.global().sync { wakeUp.send() }
            try drain()
        }
    }

    @Test func `a wake-up that outlives its loop is closed`() throws {
        let wakeUp = try inFiber { WakeUp() }
        DispatchQueue.global().sync { wakeUp.send() }
        #expect(throws: ClosedError.self) { try wakeUp.wait() }
    }

    @Test func `the last reference may go away on another thread`() throws {
        try inFiber {
            for _ in 0..<200 {
                let wakeUp = WakeUp()
                DispatchQueue.global().async { wakeUp.send() }
                try Fiber.yield()
            }
            try Fiber.sleep(for: .milliseconds(2))
        }
    }

    @Test func `threads that send while the loop ends do no harm`() throws {
        for _ in 0..<50 {
            let group = DispatchGroup()
            try inFiber {
                let wakeUp = WakeUp()
                for _ in 0..<2 { DispatchQueue.global().async(group: group) { for _ in 0..<100 { wakeUp.send() } } }
                try wakeUp.wait()
            }
            group.wait()
        }
    }

    /// The loop sleeps between the sends, or is about to. A wake-up that got lost would stop everything.
    @Test(.timeLimit(.minutes(1)))
    func `no send gets lost while the loop goes to sleep`() throws {
        try inFiber {
            let rounds = 3_000
            let wakeUp = WakeUp()
            let answered = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                for round in 0..<rounds {
                    for _ in 0..<round % 8 { sched_yield() }
                    wakeUp.send()
                    answered.wait()
                }
            }
            for _ in 0..<rounds {
                try wakeUp.wait()
                answered.signal()
            }
        }
    }

    @Test func `threads that send all the time wake every fiber of a loop`() throws {
        try inFiber {
            let wakeUps = (0..<8).map { _ in WakeUp() }
            let fibers = wakeUps.map { wakeUp in
                Fiber.spawn { for _ in 0..<200 { try wakeUp.wait() } }
            }
            let isDone = Flag()
            for _ in 0..<3 {
                Thread.detachNewThread { while !isDone.isSet { for wakeUp in wakeUps { wakeUp.send() } } }
            }
            try waitAll(fibers)
            isDone.set()
        }
    }
}
