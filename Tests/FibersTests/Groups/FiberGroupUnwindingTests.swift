// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// A group that ends by an error leaves no fiber behind, whatever happens meanwhile.
@Suite struct FiberGroupUnwindingTests {
    @Test func `A3 Q5: what the clean-up of a cancelled child spawns in the group is cancelled too`() throws {
        try inFiber {
            let never = Condition<Void>()
            var late: Fiber<Void>?
            func failInBody() throws {
                try withFiberGroup { group in
                    group.spawn {
                        defer { late = group.spawn { try never.wait() } }
                        try never.wait()
                    }
                    try Fiber.yield()
                    throw Failure("body")
                }
            }
            #expect(throws: Failure.self, performing: failInBody)
            #expect(late?.failure is CancellationError && never.isEmpty)
        }
    }

    @Test func `A3 Q5: an error thrown at a group that awaits its children is thrown by the next park`() throws {
        try inFiber {
            var isChildDone = false
            func failInBody() throws {
                try withFiberGroup { group in
                    group.spawn {
                        try Fiber.shield { try drain() }
                        isChildDone = true
                    }
                    try Fiber.yield()
                    throw Failure("body")
                }
            }
            let root = Fiber.current
            Fiber.spawn {
                try drain(rounds: 5)
                root.schedule(throwing: Failure("late"))
            }
            let error = #expect(throws: Failure.self, performing: failInBody)
            #expect(isChildDone && error?.description == "body")
            #expect(throws: Failure.self) { try Fiber.yield() }
            try Fiber.yield()
        }
    }

    @Test func `A4: the failure of an outer group waits until an inner one has unwound, and is not lost`() throws {
        try inFiber {
            var isInnerDone = false
            func failInside() throws {
                try withFiberGroup { inner in
                    inner.spawn {
                        try Fiber.shield { try drain() }
                        isInnerDone = true
                    }
                    try Fiber.yield()
                    throw Failure("inner body")
                }
            }
            func failBoth() throws {
                try withFiberGroup(onFailure: .cancelOthers) { outer in
                    outer.spawn {
                        try drain(rounds: 5)
                        throw Failure("outer child")
                    }
                    try? failInside()
                    #expect(isInnerDone)
                    try Condition<Void>().wait()
                }
            }
            let error = #expect(throws: CompositeError.self, performing: failBoth)
            #expect(error?.errors.count == 1)
            try Fiber.yield()
        }
    }

    @Test func `A3 Q5: children that wait for each other in shields are unwound all the same`() throws {
        try inFiber {
            var ends = 0
            func failInBody() throws {
                try withFiberGroup { group in
                    for _ in 0..<2 {
                        group.spawn {
                            defer { ends += 1 }
                            try Fiber.shield { try Condition<Void>().wait() }
                        }
                    }
                    try Fiber.yield()
                    throw Failure("body")
                }
            }
            #expect(throws: Failure.self, performing: failInBody)
            #expect(ends == 2)
        }
    }

    @Test func `A3 Q5: a body that throws just after a child failed does not leave before the others have ended`()
        throws
    {
        try inFiber {
            var isOtherDone = false
            func failBoth() throws {
                try withFiberGroup(onFailure: .cancelOthers) { group in
                    group.spawn {
                        try Fiber.shield { try drain() }
                        isOtherDone = true
                    }
                    let condition = Condition<Void>()
                    group.spawn {
                        condition.notify()
                        throw Failure("child")
                    }
                    try condition.wait()
                    throw Failure("body")
                }
            }
            let error = #expect(throws: CompositeError.self, performing: failBoth)
            #expect(isOtherDone && error?.errors.count == 2)
            try Fiber.yield()
        }
    }

    @Test func `A4: what fails in an inner group while an outer one ends it is thrown with the outer failures`() throws
    {
        try inFiber {
            func failInside() throws {
                try withFiberGroup { inner in
                    inner.spawn { do { try Fiber.park() } catch { throw Failure("clean-up") } }
                    try Condition<Void>().wait()
                }
            }
            func failBoth() throws {
                try withFiberGroup(onFailure: .cancelOthers) { outer in
                    outer.spawn { throw Failure("outer child") }
                    try failInside()
                }
            }
            let error = #expect(throws: CompositeError.self, performing: failBoth)
            let inner = (error?.errors.first as? CompositeError)?.errors
            #expect(
                inner?.map { "\(($0 as? FiberFailedError)?.rootCause ?? $0)" } == ["CancellationError()", "clean-up"])
            #expect(error?.errors.count == 2 && error?.errors.last is FiberFailedError)
        }
    }

    @Test func `A3 Q5: a time limit around a group cancels and awaits the children`() throws {
        try inFiber {
            let never = Condition<Void>()
            func waitInGroup() throws { try withFiberGroup { group in _ = group.spawn { try never.wait() } } }
            #expect(throws: TimeoutError.self) { try withTimeout(.milliseconds(1), waitInGroup) }
            #expect(never.isEmpty)
        }
    }

    @Test(arguments: [false, true])
    func `A3: a child that ends by a CancellationError which is not the group's fails it as any other`(isOwn: Bool)
        throws
    {
        try inFiber {
            func failByCancellation() throws {
                try withFiberGroup(onFailure: .cancelOthers) { group in
                    group.spawn { try Fiber.park() }
                    group.spawn(name: "cancelled") {
                        if isOwn { throw CancellationError() }
                        Fiber.current.cancel()
                        try Fiber.yield()
                    }
                }
            }
            let error = #expect(throws: CompositeError.self, performing: failByCancellation)
            #expect(error?.errors.map { ($0 as? FiberFailedError)?.fiber.name } == ["cancelled"])
        }
    }
}
