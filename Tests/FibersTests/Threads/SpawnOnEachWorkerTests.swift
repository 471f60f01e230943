// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import Testing

@Suite struct SpawnOnEachWorkerTests {
    @Test func `TH3: each worker runs one fiber, which is told its number`() throws {
        try inFiber {
            let fibers = try Threads.spawnOnEachWorker(name: "listener") { worker in
                try Fiber.yield()
                return Threads.current == worker ? worker : 0
            }
            let numbers = Array(1...(try Threads.Pool.default.size()))
            try #expect(fibers.map { try $0.fetch() } == numbers)
            #expect(fibers.map(\.name) == numbers.map { "listener \($0)" })
        }
    }

    @Test func `TH3: the pool can be chosen`() throws {
        try inFiber {
            let fibers = try Threads.spawnOnEachWorker(of: .interactive) { $0 }
            try #expect(fibers.map { try $0.fetch() } == [1])
            #expect(fibers.first?.name == nil)
        }
    }

    @Test func `a fiber for a busy worker waits for it, while the others run theirs`() async {
        await #expect(processExitsWith: .success) {
            setPoolSizes("2")
            try inFiber {
                let (hasBegun, gate) = (Gate(), Gate())
                let busy = try Threads.spawn {
                    hasBegun.open()
                    gate.wait()
                    return Threads.current
                }
                hasBegun.wait()
                let fibers = try Threads.spawnOnEachWorker { _ in Threads.current }
                try #expect(waitForAnyWorker(fibers) != nil)
                #expect(fibers.count(where: \.isDone) == 1)
                gate.open()
                let number = try busy.fetch()
                let numbers = try fibers.map { try $0.fetch() }
                #expect(numbers == [1, 2] && numbers.contains(number))
            }
        }
    }

    @Test func `a worker takes its own fibers ahead of those for all`() async {
        await #expect(processExitsWith: .success) {
            setPoolSizes("1")
            let log = Log()
            try inFiber {
                let all = try Threads.spawn {
                    let shared = try Threads.spawn { log.append("shared") }
                    return [shared] + (try Threads.spawnOnEachWorker { _ in log.append("own") })
                }
                for fiber in try all.fetch() { try fiber.wait() }
            }
            #expect(log.entries == ["own", "shared"])
        }
    }

    @Test func `what a worker has not begun when the pools stop fails without running`() async {
        await #expect(processExitsWith: .success) {
            setPoolSizes("1")
            let didRun = Flag()
            let all = try inFiber {
                let hasBegun = Gate()
                let all = try Threads.spawn {
                    var own = try Threads.spawnOnEachWorker { _ in didRun.set() }
                    hasBegun.open()
                    while let more = try? Threads.spawnOnEachWorker({ _ in didRun.set() }) { own += more }
                    return own
                }
                hasBegun.wait()
                return all
            }
            let own = try inFiber { try all.fetch() }
            #expect(own.allSatisfy { cause(of: $0) is CancellationError } && !didRun.isSet)
        }
    }
}

/// Parks until one of the fibers has finished.
private func waitForAnyWorker<Result>(_ fibers: [Threads.Fiber<Result>]) throws -> Threads.Fiber<Result>? {
    try waitAny(fibers.map { fiber in Fiber.spawn { try fiber.wait() } }, throwing: false)
    return fibers.first(where: \.isDone)
}
