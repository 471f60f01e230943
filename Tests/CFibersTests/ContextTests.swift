// SPDX-License-Identifier: MIT
import CFibers
import Testing

// Registers, floating-point modes and backtraces are checked in C: see Tests/Assembly.

@Suite struct ContextTests {
    @Test func `a body runs on the stack it was given`() throws {
        let pool = StackPool()
        let stack = try #require(pool.acquire())
        var reached: Stack?
        pool.run({ reached = $0.stack }, on: stack)
        #expect(reached == stack)
    }

    @Test func `a body goes on where it left`() throws {
        let pool = StackPool()
        let stack = try #require(pool.acquire())
        var steps: [String] = []
        let body: (Visit) -> Void = { visit in
            for step in 1...3 {
                steps.append("inside \(step)")
                visit.leave()
            }
        }
        pool.run(body, on: stack)
        for step in 1...3 {
            steps.append("outside \(step)")
            pool.resume(stack)
        }
        #expect(steps == ["inside 1", "outside 1", "inside 2", "outside 2", "inside 3", "outside 3"])
    }

    @Test func `a stack runs one body after the other`() throws {
        let pool = StackPool()
        let stack = try #require(pool.acquire())
        var sum = 0
        for value in 1...100 { pool.run({ _ in sum += value }, on: stack) }
        #expect(sum == 5050)
    }

    @Test func `a thrown error is caught on the stack it was thrown on`() throws {
        let pool = StackPool()
        let stack = try #require(pool.acquire(sizeClass: 3))
        var caught: (any Error)?
        pool.run(
            { visit in
                do {
                    visit.leave()
                    throw NoStack()
                } catch {
                    caught = error
                }
            }, on: stack)
        #expect(caught == nil)
        pool.resume(stack)
        #expect(caught is NoStack)
    }
}
