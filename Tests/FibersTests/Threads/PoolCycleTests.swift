// SPDX-License-Identifier: MIT
import Dispatch
import Fibers
import Synchronization
import Testing

/// Pools that start and stop, again and again; each in a process of its own.
@Suite struct PoolCycleTests {
    @Test func `a thousand starts and stops leave neither threads nor descriptors behind`() async {
        await #expect(processExitsWith: .success) {
            setPoolSizes("2,1")
            func runOnce() throws {
                try inFiber {
                    let fetched = try Threads.spawn { 1 }
                    for _ in 0..<3 { try Threads.spawn { _ = try Fiber.park() } }
                    try Threads.spawn(on: .interactive) { try Threads.spawn { try Fiber.sleep(for: .seconds(9)) } }
                    try #expect(fetched.fetch() == 1)
                }
            }
            try runOnce()
            let (threads, descriptors) = (threadCount(), openDescriptorCount())
            for _ in 0..<1000 { try runOnce() }
            #expect(threadCount() < threads + 100)
            #expect(openDescriptorCount() < descriptors + 100)
        }
    }

    @Test func `loops that begin and end at once neither lose a fiber nor wait for ever`() async {
        await #expect(processExitsWith: .success) {
            setPoolSizes("2,1")
            let sum = Atomic(0)
            DispatchQueue.concurrentPerform(iterations: 4) { _ in
                for _ in 0..<200 {
                    let value = try? inFiber { try Threads.spawn { try Threads.spawn { 1 }.fetch() }.fetch() }
                    sum.add(value ?? 0, ordering: .relaxed)
                }
            }
            #expect(sum.load(ordering: .relaxed) == 800)
        }
    }

    @Test func `a thread without a loop spawns while pools stop: it is refused, or the fiber ends`() async {
        await #expect(processExitsWith: .success) {
            setPoolSizes("2,1")
            DispatchQueue.concurrentPerform(iterations: 4) { number in
                for _ in 0..<200 {
                    guard number < 2 else { return _ = try? inFiber { try Threads.spawn {}.wait() } }
                    do {
                        let fiber = try Threads.spawn { try Fiber.yield() }
                        let error = cause(of: fiber)
                        #expect(error == nil || error is CancellationError)
                    } catch {
                        #expect(error is ClosedError)
                    }
                }
            }
        }
    }
}
