// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct FiberGroupTests {
    private let never = Condition<Void>()

    @Test func `A3: a group waits for every child, those spawned by children included`() throws {
        try inFiber {
            var log: [String] = []
            let value = try withFiberGroup { group in
                group.spawn {
                    try Fiber.yield()
                    group.spawn { log.append("grandchild") }
                    log.append("child")
                }
                log.append("body")
                return 5
            }
            #expect(value == 5)
            #expect(log == ["body", "child", "grandchild"])
        }
    }

    @Test func `A3 X2: failures come together after all have ended, in the order of spawning`() throws {
        try inFiber {
            var isLastDone = false
            let error = failure {
                try withFiberGroup { group in
                    group.spawn(name: "a") {
                        try drain()
                        throw Failure("a")
                    }
                    group.spawn(name: "b") { throw Failure("b") }
                    group.spawn {
                        try drain(rounds: 40)
                        isLastDone = true
                    }
                }
            }
            let names = (error as? CompositeError)?.errors.map { ($0 as? FiberFailedError)?.fiber.name }
            #expect(names == ["a", "b"])
            #expect(isLastDone)
        }
    }

    @Test func `X2: a single failed child is thrown inside a CompositeError too`() throws {
        try inFiber {
            let error = failure { try withFiberGroup { $0.spawn { throw Failure("only") } } }
            #expect((error as? CompositeError)?.errors.count == 1)
        }
    }

    @Test func `Q5: when the body throws, the children are cancelled and awaited, then its error is thrown`() throws {
        try inFiber {
            var isUnwound = false
            let expected = Failure("body")
            let error = failure {
                try withFiberGroup { group in
                    group.spawn {
                        defer { isUnwound = true }
                        try never.wait()
                    }
                    try Fiber.yield()
                    throw expected
                }
            }
            #expect(isUnwound)
            #expect(error as? Failure === expected)
        }
    }

    @Test func `Q5: failures of the children are attached to the error of the body`() throws {
        try inFiber {
            let error = failure {
                try withFiberGroup { group in
                    group.spawn { throw Failure("child") }
                    try Fiber.yield()
                    throw Failure("body")
                }
            }
            let errors = try #require((error as? CompositeError)?.errors)
            #expect((errors.first as? Failure)?.description == "body")
            #expect(errors.count == 2)
        }
    }

    @Test func `NW4: fail fast, the first failure cancels the others and the body`() throws {
        try inFiber {
            var isBodyOver = false
            let error = failure {
                try withFiberGroup(onFailure: .cancelOthers) { group in
                    group.spawn { try never.wait() }
                    group.spawn(name: "bad") { throw Failure("first") }
                    defer { isBodyOver = true }
                    try never.wait()
                }
            }
            #expect(isBodyOver && never.isEmpty)
            #expect((error as? CompositeError)?.errors.count == 1)
        }
    }

    @Test func `NW4: fail fast, the others are cancelled also while the group only waits`() throws {
        try inFiber {
            let error = failure {
                try withFiberGroup(onFailure: .cancelOthers) { group in
                    group.spawn { try never.wait() }
                    group.spawn {
                        try Fiber.yield()
                        throw Failure("late")
                    }
                }
            }
            #expect((error as? CompositeError)?.errors.count == 1)
            try Fiber.yield()
        }
    }

    @Test(arguments: [false, true])
    func `NW4: fail fast, a child that throws CancellationError itself has failed, too`(isParking: Bool) throws {
        try inFiber {
            let error = failure {
                try withFiberGroup(onFailure: .cancelOthers) { group in
                    group.spawn { if isParking { try never.wait() } }
                    group.spawn(name: "bad") { throw CancellationError() }
                }
            }
            let errors = (error as? CompositeError)?.errors ?? []
            #expect(errors.map { ($0 as? FiberFailedError)?.fiber.name } == ["bad"])
        }
    }

    @Test func `NW4: fail fast, a failure in the last round leaves nothing behind for the next park`() throws {
        try inFiber {
            let error = failure {
                try withFiberGroup(onFailure: .cancelOthers) { group in
                    group.spawn {}
                    group.spawn { throw Failure("same round") }
                }
            }
            #expect(error is CompositeError)
            try Fiber.yield()
            try Fiber.sleep(for: .zero)
        }
    }

    @Test func `cancelling the fiber of a group cancels and awaits the children`() throws {
        try inFiber {
            var isUnwound = false
            let fiber = Fiber.spawn {
                try withFiberGroup { group in
                    group.spawn {
                        defer { isUnwound = true }
                        try never.wait()
                    }
                }
            }
            try drain(rounds: 2)
            fiber.cancel()
            try? fiber.wait()
            #expect(isUnwound)
            #expect(fiber.failure is CancellationError)
        }
    }
}
