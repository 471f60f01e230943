// SPDX-License-Identifier: MIT
import Dispatch
import Fibers
import Foundation
import Testing

/// The pool is one for all tests of the process: no closure here waits for another one to begin, but for those in a
/// process of their own.
@Suite struct OffloadTests {
    @Test func `the result comes back from another thread`() throws {
        try inFiber {
            let thread = try offload { currentThread() }
            #expect(thread != currentThread())
        }
    }

    @Test func `the error of the closure is thrown, the very same`() throws {
        try inFiber {
            let expected = Failure("no such row")
            let error = failure { try offload { throw expected } }
            #expect(error as? Failure === expected)
        }
    }

    @Test func `other fibers run while a closure blocks`() throws {
        try inFiber {
            let gate = DispatchSemaphore(value: 0)
            Fiber.spawn { gate.signal() }
            try offload { gate.wait() }
        }
    }

    @Test func `while a closure runs there is no deadlock, and after it there is`() throws {
        try inFiber {
            let stuck = Fiber.spawn { try Fiber.park() }
            try #expect(offload { 1 } == 1)
            #expect(throws: DeadlockError.self) { try stuck.wait() }
        }
    }

    @Test func `a thousand closures give each fiber its own result`() throws {
        try inFiber {
            let fibers = (0..<1000).map { number in Fiber.spawn { try offload { number } } }
            try #expect(fibers.map { try $0.fetch() } == Array(0..<1000))
        }
    }

    @Test func `several closures run at once`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let barrier = Barrier(4)
                let fibers = (0..<4).map { _ in Fiber.spawn { try offload { barrier.wait() } } }
                try waitAll(fibers)
            }
        }
    }

    @Test func `loops of several threads share the pool`() {
        DispatchQueue.concurrentPerform(iterations: 4) { loop in
            let sum = try? inFiber {
                let fibers = (0..<50).map { term in Fiber.spawn { try offload { term + loop } } }
                return try fibers.map { try $0.fetch() }.reduce(0, +)
            }
            #expect(sum == 1225 + 50 * loop)
        }
    }
}

/// Lets nobody on until as many have come as are expected.
private final class Barrier: Sendable {
    private let condition = NSCondition()
    nonisolated(unsafe) private var missing: Int

    init(_ count: Int) { missing = count }

    func wait() {
        condition.lock()
        missing -= 1
        while missing > 0 { condition.wait() }
        condition.broadcast()
        condition.unlock()
    }
}
