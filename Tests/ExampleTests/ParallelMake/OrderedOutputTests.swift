// SPDX-License-Identifier: MIT
import Fibers
import Testing

@testable import ParallelMake

@Suite struct OrderedOutputTests {
    /// Runs `body` with an output, and what has come out of it so far.
    private func withOutput(_ body: (OrderedOutput, Recorder) throws -> Void) throws {
        try EventLoop.run {
            let recorder = Recorder()
            try body(OrderedOutput(recorder), recorder)
        }
    }

    private final class Recorder: ByteSink {
        var text = ""

        func write(_ bytes: UnsafeRawBufferPointer) throws {
            text += String(decoding: bytes, as: UTF8.self)
        }
    }

    /// A section that is written and ended by hand.
    private final class Hand {
        private let lines = Channel<String>()
        private var fiber: AnyFiber?

        init(_ output: OrderedOutput) {
            fiber = Fiber.spawn { [lines] in
                try output.inSection { section in try lines.forEach { try section.write($0) } }
            }
        }

        func write(_ text: String) throws {
            try lines.put(text)
            try Fiber.yield()
        }

        func end() throws {
            lines.close()
            try fiber?.wait()
        }
    }

    @Test func `the first section streams, others come whole when it is their turn`() throws {
        try withOutput { output, recorder in
            let (one, two, three) = (Hand(output), Hand(output), Hand(output))
            try one.write("a")
            try two.write("b")
            try three.write("c")
            try one.write("A")
            #expect(recorder.text == "aA")
            try three.write("C")
            try three.end()
            #expect(recorder.text == "aA")
            try one.end()
            #expect(recorder.text == "aAb")
            try two.write("B")
            #expect(recorder.text == "aAbB")
            try two.end()
            #expect(recorder.text == "aAbBcC")
        }
    }

    @Test func `a section that begins when all have ended streams at once`() throws {
        try withOutput { output, recorder in
            try Hand(output).end()
            let next = Hand(output)
            try next.write("x")
            #expect(recorder.text == "x")
            try next.end()
        }
    }

    @Test func `what a section throws comes out, and the next has its turn`() throws {
        try withOutput { output, recorder in
            let other = Fiber.spawn { try output.inSection { _ in try Fiber.sleep(for: .seconds(1000)) } }
            try Fiber.yield()
            let next = Hand(output)
            try next.write("x")
            other.cancel()
            #expect(throws: FiberFailedError.self) { try other.wait() }
            #expect(recorder.text == "x")
            try next.end()
        }
    }
}
