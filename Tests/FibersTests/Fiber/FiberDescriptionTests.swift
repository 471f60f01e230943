// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct FiberDescriptionTests {
    @Test func `T10: the printed form holds the name and the state at every stage`() throws {
        try inFiber {
            let fiber = Fiber(name: "worker") { try Fiber.park() }
            #expect("\(fiber)" == "Fiber \"worker\" (runnable)")
            fiber.schedule()
            #expect("\(fiber)" == "Fiber \"worker\" (queued)")
            try Fiber.yield()
            #expect("\(fiber)" == "Fiber \"worker\" (runnable, started)")
            try fiber.schedule().wait()
            #expect("\(fiber)" == "Fiber \"worker\" (done)")
        }
    }

    @Test func `T10: a failed fiber says so`() throws {
        try inFiber {
            let fiber = Fiber.spawn(name: "worker") { throw Failure("expected") }
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
            #expect("\(fiber)" == "Fiber \"worker\" (failed)")
        }
    }

    @Test func `T10: fibers without a name have different numbers`() throws {
        try inFiber {
            let fibers = (0..<3).map { _ in Fiber.spawn {} }
            let texts = Set(fibers.map { "\($0)" })
            #expect(texts.count == 3)
            #expect(texts.allSatisfy { $0.hasPrefix("Fiber #") })
        }
    }

    @Test func `a fiber knows its name and where it was made`() throws {
        try inFiber {
            let line: UInt32 = #line + 1
            let fiber = Fiber.spawn(name: "worker") {}
            #expect(fiber.name == "worker")
            #expect("\(fiber.site)" == "\(#fileID):\(line)")
            #expect(fiber.site.line == line)
        }
    }

    @Test func `a name of any length and script comes back unchanged`() throws {
        try inFiber {
            let name = String(repeating: "Fäden🧵", count: 500)
            let fiber = Fiber.spawn(name: name) { Fiber.current.name }
            try #expect(fiber.fetch() == name)
        }
    }
}
