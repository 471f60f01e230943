// SPDX-License-Identifier: MIT
import Fibers
import Synchronization
import Testing

/// Groups whose children run on several threads.
@Suite(.timeLimit(.minutes(1))) struct GroupThreadsTests {
    @Test(arguments: [FiberGroup.FailurePolicy.waitForAll, .cancelOthers])
    func `A3: a group waits for its children on all threads`(policy: FiberGroup.FailurePolicy) throws {
        try inFiber {
            let runs = Atomic(0)
            let handles = try withFiberGroup(onFailure: policy) { group in
                group.spawn { runs.add(1, ordering: .relaxed) }
                return try (0..<20).map { number in
                    try group.spawn(on: pools[number % 2], name: "child \(number)") {
                        try Fiber.yield()
                        runs.add(1, ordering: .relaxed)
                        return Threads.current != nil
                    }
                }
            }
            #expect(runs.load(ordering: .relaxed) == 21 && handles.allSatisfy(\.isDone))
            try #expect(handles.allSatisfy { try $0.fetch() } && handles[3].name == "child 3")
        }
    }

    @Test func `A3: children spawn children, on their threads and on others, and the group waits for all`() throws {
        try inFiber {
            let forest = Forest()
            try withFiberGroup { group in
                try forest.grow(6, in: group)
            }
            // A tree of depth d has one tree on each pool and one on its own thread below it.
            #expect(forest.count == (0...6).reduce(0) { sum, _ in 3 * sum + 1 })
        }
    }

    @Test func `A3: a child that another thread spawns runs there`() throws {
        try inFiber {
            let hasRun = Flag()
            try withFiberGroup { group in
                _ = try group.spawn(on: .interactive) {
                    let home = Threads.current
                    group.spawn {
                        try Fiber.yield()
                        if Threads.current == home { hasRun.set() }
                    }
                }
            }
            #expect(hasRun.isSet)
        }
    }

    @Test func `what a child returns goes away on the thread that spawned it`() throws {
        try inFiber {
            let (hasMoved, hasGone) = (Flag(), Flag())
            try withFiberGroup { group in
                _ = try group.spawn(on: .interactive) {
                    _ = group.spawn { Resident(hasMoved: hasMoved, hasGone: hasGone) }
                }
            }
            try awaitFlag(hasGone)
            #expect(!hasMoved.isSet)
        }
    }

    @Test func `X2: the failures of all threads are told in the order of spawning`() throws {
        try inFiber {
            let error = #expect(throws: CompositeError.self) {
                try withFiberGroup { group in
                    for number in 0..<9 {
                        let fail: @Sendable () throws -> Void = {
                            for _ in number..<9 { try Fiber.yield() }
                            throw Failure("\(number)")
                        }
                        if number % 3 == 2 { group.spawn(fail) } else { try group.spawn(on: pools[number % 3], fail) }
                    }
                }
            }
            let texts = error?.errors.map { (($0 as? FiberFailedError)?.error as? Failure)?.description }
            #expect(texts == (0..<9).map(String.init))
        }
    }

    @Test(arguments: [false, true])
    func `a fiber that is spawned on another thread after the group has ended traps`(onPool: Bool) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [onPool] in
            try inFiber {
                let group = try withFiberGroup { $0 }
                try Threads.spawn {
                    if onPool { try group.spawn(on: .default) {} } else { group.spawn {} }
                }.wait()
            }
        }
        #expect(trapSaid("in a group that has ended", result))
    }
}

/// Trees of fibers on all threads.
private final class Forest: Sendable {
    private let fibers = Atomic(0)

    var count: Int { fibers.load(ordering: .relaxed) }

    func grow(_ depth: Int, in group: FiberGroup) throws {
        fibers.add(1, ordering: .relaxed)
        guard depth > 0 else { return }
        for pool in pools { try group.spawn(on: pool) { [self] in try grow(depth - 1, in: group) } }
        group.spawn { [self] in try grow(depth - 1, in: group) }
    }
}
