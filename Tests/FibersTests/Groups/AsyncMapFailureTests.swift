// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct AsyncMapFailureTests {
    private let never = Condition<Void>()

    @Test func `M6 X5: the failure that came first is thrown, with the original error`() throws {
        try inFiber {
            let expected = Failure("expected")
            let error = #expect(throws: FiberFailedError.self) {
                try asyncMap(over: 0..<4, concurrency: 4) { number in
                    try drain(rounds: 10 - number)
                    throw number == 3 ? expected : Failure("too late")
                }
            }
            #expect(error?.error as? Failure === expected)
        }
    }

    @Test func `M6: after a failure the others are cancelled and awaited, and no more elements are begun`() throws {
        try inFiber {
            var (begun, ended) = ([Int](), [Int]())
            let error = #expect(throws: FiberFailedError.self) {
                try asyncMap(over: 0..<100, concurrency: 3) { number in
                    begun.append(number)
                    defer { ended.append(number) }
                    if number == 1 { throw Failure("expected") }
                    try never.wait()
                }
            }
            #expect(error?.error is Failure && never.isEmpty)
            #expect(begun == [0, 1] && ended == [1, 0])
        }
    }

    @Test func `M6: a body that throws CancellationError has failed, too`() throws {
        try inFiber {
            let error = #expect(throws: FiberFailedError.self) {
                try asyncMap(over: 0..<3, concurrency: 1) { if $0 == 2 { throw CancellationError() } }
            }
            #expect(error?.error is CancellationError)
        }
    }

    @Test func `M6: what a failure leaves behind does not disturb the next park`() throws {
        try inFiber {
            _ = try? asyncMap(over: 0..<9, concurrency: 4) { if $0 == 5 { throw Failure("expected") } }
            try Fiber.yield()
            try Fiber.sleep(for: .zero)
        }
    }

    @Test func `cancelling the calling fiber at any point cancels and awaits the bodies`() throws {
        for rounds in 0..<30 {
            try inFiber {
                var (begun, ended) = (0, 0)
                let fiber = Fiber.spawn {
                    _ = try asyncMap(over: 0..<20, concurrency: 3) { _ in
                        begun += 1
                        defer { ended += 1 }
                        try drain(rounds: 2)
                    }
                }
                for _ in 0..<rounds { try Fiber.yield() }
                fiber.cancel()
                try fiber.waitUntilDone()
                #expect(begun == ended && (fiber.failure is CancellationError || ended == 20))
            }
        }
    }

    @Test func `cancelling the calling fiber while it waits for an element`() throws {
        try inFiber {
            let channel = Channel<Int>()
            let fiber = Fiber.spawn { try asyncMap(over: channel) { $0 } }
            try drain()
            fiber.cancel()
            try fiber.waitUntilDone()
            #expect(fiber.failure is CancellationError)
        }
    }

    @Test func `M6: a failure while the calling fiber waits for an element ends it`() throws {
        try inFiber {
            let channel = Channel<Int>.producing { channel in
                try channel.put(1)
                try Fiber.park()
            }
            let error = #expect(throws: FiberFailedError.self) {
                try asyncMap(over: channel) { _ in throw Failure("expected") }
            }
            #expect(error?.error is Failure)
        }
    }
}
