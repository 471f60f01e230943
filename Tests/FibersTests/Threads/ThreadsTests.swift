// SPDX-License-Identifier: MIT
@testable import Fibers
import Foundation
import Synchronization
import Testing

@Suite struct ThreadsTests {
    @Test func `TH1: a fiber on another thread returns its value, as often as asked`() throws {
        try inFiber {
            let fiber = try Threads.spawn(name: "adder") { 1 + 1 }
            try #expect(fiber.fetch() == 2 && fiber.fetch() == 2)
            #expect(fiber.isDone && !fiber.isFailed)
            #expect(fiber.description == "Threads.Fiber \"adder\" (done)")
        }
    }

    @Test func `TH1: a failure reaches whoever waits, with the fiber's name and the error itself`() throws {
        try inFiber {
            let failure = Failure("far away")
            let fiber = try Threads.spawn(name: "far") { throw failure }
            let error = #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(error?.error as? Failure === failure && error?.fiber.name == "far")
            #expect(fiber.isFailed)
        }
    }

    @Test func `TH2 TH3: a worker knows its number, and other threads have none`() throws {
        try inFiber {
            let size = try Threads.Pool.default.size()
            let numbers = try (0..<20).map { _ in try Threads.spawn { Threads.current } }.map { try $0.fetch() }
            #expect(numbers.allSatisfy { $0.map((1...size).contains) == true })
            try #expect(Threads.spawn(on: .interactive) { Threads.current }.fetch() == 1)
            #expect(Threads.current == nil)
        }
    }

    @Test func `TH4: a started fiber stays on its thread`() throws {
        try inFiber {
            let fibers = try (0..<4).map { _ in
                try Threads.spawn {
                    let first = Threads.current
                    for _ in 0..<100 {
                        try Fiber.sleep(for: .zero)
                        guard Threads.current == first else { return false }
                    }
                    return true
                }
            }
            try #expect(fibers.allSatisfy { try $0.fetch() })
        }
    }

    @Test func `TH8: fibers of one thread run while it has nothing else to do, thousands of them`() throws {
        try inFiber {
            let sum = try Threads.spawn {
                let fibers = (1...1000).map { number in
                    Fiber.spawn {
                        try Fiber.sleep(for: .milliseconds(1))
                        return number
                    }
                }
                return try fibers.reduce(0) { try $0 + $1.fetch() }
            }
            try #expect(sum.fetch() == 500_500)
        }
    }

    @Test func `many are spawned from many threads, and each runs once`() throws {
        try inFiber {
            let runs = Atomic(0)
            let spawners = try (0..<4).map { _ in
                try Threads.spawn {
                    for fiber in try (0..<250).map({ _ in try Threads.spawn { runs.add(1, ordering: .relaxed) } }) {
                        try fiber.wait()
                    }
                }
            }
            for spawner in spawners { try spawner.wait() }
            #expect(runs.load(ordering: .relaxed) == 1000)
        }
    }

    @Test func `fibers of several threads wait for one`() throws {
        try inFiber {
            let mayEnd = Event()
            let slow = try Threads.spawn {
                try mayEnd.wait()
                return "done"
            }
            let waiters = try (0..<5).map { _ in try Threads.spawn { try slow.fetch() } }
            let here = (0..<5).map { _ in Fiber.spawn { try slow.fetch() } }
            try awaitWaiters(10, of: slow.job)
            mayEnd.notify()
            try #expect(waiters.allSatisfy { try $0.fetch() == "done" } && here.allSatisfy { try $0.fetch() == "done" })
        }
    }
}

// MARK: A busy worker

extension ThreadsTests {
    /// Keeps the one worker of the interactive pool busy until the flag is set.
    private func floodInteractivePool(until isDone: Flag) throws {
        try Threads.spawn(on: .interactive) {
            // Refused when the pools stop before the flag is seen.
            if !isDone.isSet { try? floodInteractivePool(until: isDone) }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `fibers that never run out keep a worker neither from its timers nor from messages`() throws {
        try inFiber {
            let isDone = Flag()
            try floodInteractivePool(until: isDone)
            defer { isDone.set() }
            try Threads.spawn(on: .interactive) { try Fiber.sleep(for: .milliseconds(2)) }.wait()
            let parked = try spawnParked(on: .interactive)
            parked.cancel()
            #expect(throws: FiberFailedError.self) { try parked.wait() }
        }
    }

    @Test func `what a fiber returned goes away with its handle, though the worker has more to do`() throws {
        try inFiber {
            let isDone = Flag()
            try floodInteractivePool(until: isDone)
            defer { isDone.set() }
            weak var result: Flag?
            do {
                let fiber = try Threads.spawn(on: .interactive) { Flag() }
                result = try fiber.fetch()
            }
            let wasFreed = try timedWait(timeout: .seconds(20), pollInterval: .milliseconds(1)) { result == nil }
            #expect(wasFreed == .ok)
        }
    }
}

// MARK: Cancelling

extension ThreadsTests {
    @Test func `a cancelled fiber throws out of its park, on its thread`() throws {
        try inFiber {
            let fiber = try spawnParked()
            fiber.cancel()
            let error = #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(error?.error is CancellationError)
        }
    }

    @Test func `a fiber that is cancelled at once runs to its first park at most`() throws {
        try inFiber {
            for _ in 0..<100 {
                let fiber = try Threads.spawn { try Fiber.park() as? Int }
                fiber.cancel()
                let error = #expect(throws: FiberFailedError.self) { try fiber.wait() }
                #expect(error?.error is CancellationError)
            }
        }
    }

    @Test func `who is interrupted stops waiting, and the fiber goes on`() throws {
        try inFiber {
            let isOver = Event()
            let fiber = try Threads.spawn {
                try isOver.wait()
                return 7
            }
            #expect(throws: TimeoutError.self) { try withTimeout(.zero, fiber.wait) }
            isOver.notify()
            try #expect(fiber.fetch() == 7)
        }
    }

    @Test func `cancelling a fiber that has finished does nothing`() throws {
        try inFiber {
            let fiber = try Threads.spawn { 3 }
            try fiber.wait()
            fiber.cancel()
            try #expect(fiber.fetch() == 3)
        }
    }
}

// MARK: Sizes

@Suite struct PoolSizesTests {
    @Test(arguments: [("4", 4, 1), ("4,2", 4, 2), ("1,1", 1, 1)])
    func `TH2: the environment says how many workers there are`(text: String, `default`: Int, interactive: Int) throws {
        try #expect(PoolSizes(environment: text) == PoolSizes(default: `default`, interactive: interactive))
    }

    @Test(arguments: ["0", "-1", "", "two", "4,", "4,0", "1,2,3", "4 1"])
    func `TH2: what is no number of workers is refused by name`(text: String) {
        let error = #expect(throws: ArgumentError.self) { try PoolSizes(environment: text) }
        #expect(error?.message.contains("such as 4 or 4,1, not \"\(text)\"") == true)
    }

    @Test func `TH2: pools are configured once, before they are used`() async {
        await #expect(processExitsWith: .success) {
            #expect(throws: ArgumentError.self) { try Threads.configure(default: 0) }
            try Threads.configure(default: 3, interactive: 2)
            let sizes = try PoolSizes.inUse()
            try #require(sizes == PoolSizes(default: 3, interactive: 2))
            #expect(throws: ConcurrencyViolationError.self) { try Threads.configure(default: 1) }
        }
    }

    @Test func `TH2: a wrong environment is told by the first use`() async {
        await #expect(processExitsWith: .success) {
            setenv("FIBERS_THREADS", "many", 1)
            #expect(throws: ArgumentError.self) { try Threads.spawn {} }
        }
    }
}
