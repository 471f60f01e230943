// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ErrorTreeTests {
    @Test func `X1: a failure of depth one is one line`() throws {
        try inFiber {
            let error = failure(of: spawn("worker", 1) { throw Failure("no paper") })
            #expect("\(error)" == #"fiber "worker", spawned at M/F.swift:1, failed: no paper"#)
        }
    }

    @Test func `X1: nested waits nest, each fiber on a line of its own, the root cause last`() throws {
        try inFiber {
            let first = spawn("first", 1) { throw Failure("no paper") }
            let second = spawn("second", 2) { try first.wait() }
            let third = spawn("third", 3) { try second.wait() }
            let text = """
                fiber "third", spawned at M/F.swift:3, failed:
                  fiber "second", spawned at M/F.swift:2, failed:
                    fiber "first", spawned at M/F.swift:1, failed: no paper
                """
            #expect("\(failure(of: third))" == text)
        }
    }

    @Test func `X1: a fiber without a name is printed with its number`() throws {
        try inFiber {
            let first = spawn(nil, 1) { throw Failure("no paper") }
            let text = "\(failure(of: spawn("second", 2) { try first.wait() }))"
            let number = "\(first)".split(separator: " ")[1]
            #expect(text.hasSuffix("failed:\n  fiber \(number), spawned at M/F.swift:1, failed: no paper"))
        }
    }

    @Test func `X1: an error of several lines is indented as a whole`() throws {
        try inFiber {
            let first = spawn("first", 1) { throw Failure("no paper\nno ink") }
            let text = """
                fiber "second", spawned at M/F.swift:2, failed:
                  fiber "first", spawned at M/F.swift:1, failed: no paper
                    no ink
                """
            #expect("\(failure(of: spawn("second", 2) { try first.wait() }))" == text)
        }
    }

    @Test(arguments: [(1, ""), (2, " ...and 1 more error"), (3, " ...and 2 more errors")])
    func `X2: several failures print the first and how many more there are`(count: Int, ending: String) throws {
        try inFiber {
            let error = failureOfGroup { group in
                for number in 1...count { spawn("child", UInt(number), in: group) { throw Failure("no paper") } }
            }
            #expect("\(error)" == #"fiber "child", spawned at M/F.swift:1, failed: no paper"# + ending)
        }
    }

    @Test func `X1 X2: a group in a fiber in a group prints its first failure, indented`() throws {
        try inFiber {
            let error = failureOfGroup { group in
                spawn("outer", 1, in: group) {
                    throw failureOfGroup { group in
                        spawn("inner", 2, in: group) { throw Failure("no paper") }
                        spawn("inner", 3, in: group) { throw Failure("no ink") }
                    }
                }
            }
            let text = """
                fiber "outer", spawned at M/F.swift:1, failed:
                  fiber "inner", spawned at M/F.swift:2, failed: no paper ...and 1 more error
                """
            #expect("\(error)" == text)
        }
    }

    @Test func `X1 X2: the root cause of several failures is that of the first`() throws {
        try inFiber {
            let cause = Failure("no paper")
            let inner = spawn("inner", 1) { throw cause }
            let error = failureOfGroup { group in
                spawn("outer", 2, in: group) { try inner.wait() }
                spawn("outer", 3, in: group) { throw Failure("no ink") }
            }
            #expect((error as? CompositeError)?.rootCause as? Failure === cause)
            #expect(
                (failure(of: spawn("waiter", 4) { throw error }) as? FiberFailedError)?.rootCause as? Failure === cause)
        }
    }

    @Test func `X3: a closed channel says so, and is no longer open`() throws {
        try inFiber {
            let channel = Channel<Int>()
            channel.close()
            let error = failure(of: spawn("taker", 1) { _ = try channel.take() })
            #expect("\(error)" == #"fiber "taker", spawned at M/F.swift:1, failed: Channel is closed."#)
            #expect((error as? FiberFailedError)?.error as? ChannelClosedError == ChannelClosedError())
            #expect(!channel.isOpen)
        }
    }

    @Test func `X1: a chain of a thousand failures is printed on the small stack of a fiber`() throws {
        try inFiber {
            var last = spawn("worker", 1) { throw Failure("no paper") }
            for _ in 1..<1_000 { last = spawn(waitingFor: last) }
            let lines = try Fiber.spawn { [last] in "\(failure(of: last))".split(separator: "\n").count }.fetch()
            #expect(lines == 1_000)
        }
    }
}

private func spawn(waitingFor fiber: Fiber<Void>) -> Fiber<Void> { spawn("waiter", 2) { try fiber.wait() } }

@discardableResult
private func spawn(
    _ name: String?, _ line: UInt, in group: FiberGroup? = nil, _ body: @escaping () throws -> Void
) -> Fiber<Void> {
    group?.spawn(name: name, file: "M/F.swift", line: line, body)
        ?? Fiber.spawn(name: name, file: "M/F.swift", line: line, body)
}

private func failure(of fiber: Fiber<Void>) -> any Error {
    do {
        try fiber.wait()
        return Failure("it did not fail")
    } catch {
        return error
    }
}

private func failureOfGroup(_ body: (FiberGroup) -> Void) -> any Error {
    do {
        try withFiberGroup(body)
        return Failure("nobody failed")
    } catch {
        return error
    }
}
