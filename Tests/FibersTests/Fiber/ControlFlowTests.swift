// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// Statements of the language around calls that park.
@Suite struct ControlFlowTests {
    /// The value, after everybody else has run.
    private func parked<Value>(_ value: Value) throws -> Value {
        try Fiber.yield()
        return value
    }

    @Test func `K1: nested loops, conditions and jumps may park, and go on where they were`() throws {
        try inFiber {
            func walk() throws -> [Int] {
                var visited: [Int] = []
                rows: for row in try parked(1)...parked(9) {
                    for column in try 1...parked(3) {
                        if try parked(column == 2) && parked(row == 1) { continue rows }
                        if try parked(row == 3) || parked(row > 4) { break rows }
                        visited.append(row * 10 + column)
                    }
                }
                return visited
            }
            let walkers = (0..<3).map { _ in Fiber.spawn(walk) }
            try #expect(walkers.allSatisfy { try $0.fetch() == [11, 21, 22, 23] })
        }
    }

    @Test func `K1: while, repeat, switch and the ternary operator may park, and loops may sleep`() throws {
        try inFiber {
            var (sum, rounds) = (0, 0)
            while try parked(rounds < 3) {
                try Fiber.sleep(for: .microseconds(10))
                rounds += 1
                switch try parked(rounds) {
                case 1: sum += try parked(true) ? 1 : 100
                case let number where try parked(number == 2): sum += 10
                default: continue
                }
            }
            repeat { sum *= 2 } while try parked(sum < 40)
            #expect(rounds == 3 && sum == 44)
        }
    }

    private func kind(of call: () throws -> Void) -> String? {
        do {
            try call()
            return nil
        } catch {
            return "\(type(of: error))"
        }
    }

    @Test func `K2 X4: wrong arguments, misuse, missing values, closed and failed calls have errors of their own`()
        throws
    {
        try inFiber {
            let closed = Channel<Int>()
            closed.close()
            #expect(kind { try Fiber.sleep(for: .seconds(-1)) } == "ArgumentError")
            #expect(kind { try Fiber.current.wait() } == "ConcurrencyViolationError")
            #expect(kind { _ = try FiberLocal<Int>().get() } == "MissingValueError")
            #expect(kind { _ = try closed.take() } == "ChannelClosedError")
            #expect(kind { _ = try TCPConnection.connect(to: "127.0.0.1", port: unusedPort()) } == "IOError")
            #expect(kind { try Command("false").run() } == "ProcessFailedError")
            #expect(kind { try withTimeout(.zero) { try Fiber.park() } } == "TimeoutError")
            #expect(kind {} == nil)
        }
    }

    private struct UndefinedName: Error, CustomStringConvertible {
        let name: String
        var description: String { "\(name) not defined" }
    }

    @Test func `K3: an error of any type comes out of a fiber as it went in, and prints its own way`() throws {
        try inFiber {
            let (object, value) = (Failure("object"), UndefinedName(name: "x"))
            let errors: [any Error] = [object, value]
            let fibers = errors.map { error in Fiber.spawn(name: "failing") { throw error } }
            let thrown = fibers.map { fiber in #expect(throws: FiberFailedError.self) { try fiber.wait() } }
            #expect(thrown[0]?.error as? Failure === object)
            #expect((thrown[1]?.error as? UndefinedName)?.name == "x")
            #expect(thrown[1]?.description.hasSuffix("failed: x not defined") == true)
        }
    }

    @Test func `K5: an error thrown into a parked call is caught around it, and the fiber goes on`() throws {
        try inFiber {
            let condition = Condition<String>()
            let fiber = Fiber.spawn {
                do { return try condition.wait() } catch let failure as Failure { return "caught \(failure)" }
            }
            try Fiber.yield()
            condition.notify(throwing: Failure("expected"))
            try #expect(fiber.fetch() == "caught expected")
            #expect(!fiber.isFailed)
        }
    }

    @Test(arguments: ["return", "throw", "break", "end"])
    func `K6: clean-up runs once on every way out, after what was caught`(way: String) throws {
        try inFiber {
            var log: [String] = []
            func leave() throws {
                for _ in 0..<1 {
                    defer { log.append("clean-up") }
                    do {
                        try Fiber.yield()
                        if way == "return" { return }
                        if way == "throw" { throw Failure("expected") }
                        if way == "break" { break }
                    } catch { log.append("caught") }
                }
            }
            try Fiber.spawn(leave).wait()
            #expect(log == (way == "throw" ? ["caught", "clean-up"] : ["clean-up"]))
        }
    }

    @Test func `K6: clean-up runs when an error is thrown into a park, and may park itself`() throws {
        try inFiber {
            var log: [String] = []
            let fiber = Fiber.spawn {
                defer {
                    try? Fiber.sleep(for: .microseconds(10))
                    log.append("clean-up")
                }
                try Fiber.park()
                log.append("never")
            }
            try Fiber.yield()
            fiber.schedule(throwing: Failure("expected"))
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(log == ["clean-up"] && fiber.failure is Failure)
        }
    }

    @Test func `K7: an error that is caught and thrown on stays the same, over parks`() throws {
        try inFiber {
            let failure = Failure("expected")
            let fiber = Fiber.spawn {
                do { try Fiber.park() } catch {
                    try Fiber.yield()
                    throw error
                }
            }
            try Fiber.yield()
            fiber.schedule(throwing: failure)
            let error = #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect(error?.error as? Failure === failure)
        }
    }

    @Test func `K9: two fibers walk trees of one fringe side by side by switching`() throws {
        indirect enum Tree { case leaf(Int), node(Tree, Tree) }
        try inFiber {
            let main = Fiber.current
            func visit(_ tree: Tree) throws {
                switch tree {
                case .leaf(let number): try Fiber.switch(to: main, passing: number)
                case .node(let left, let right):
                    try visit(left)
                    try visit(right)
                }
            }
            let left = Fiber { try visit(.node(.node(.leaf(1), .leaf(2)), .leaf(3))) }
            let right = Fiber { try visit(.node(.leaf(1), .node(.leaf(2), .leaf(3)))) }
            for number in 1...3 {
                try #expect(Fiber.switch(to: left) as? Int == number)
                try #expect(Fiber.switch(to: right) as? Int == number)
            }
        }
    }

    @Test func `K10 W17: a read waits for a message while others run`() throws {
        try withPair { client, server in
            var steps = 0
            Fiber.spawn {
                for _ in 0..<100 {
                    steps += 1
                    try Fiber.yield()
                }
                try client.write("message")
            }
            try #expect(server.read() == Array("message".utf8))
            #expect(steps == 100)
        }
    }
}
