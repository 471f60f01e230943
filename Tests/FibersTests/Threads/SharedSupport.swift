// SPDX-License-Identifier: MIT
@testable import Fibers
import Foundation

/// What threads share without any guard. `@unchecked Sendable`: that something orders the accesses is what is tested, and the
/// thread sanitizer sees whether it does.
final class Plain<Value>: @unchecked Sendable {
    @exclusivity(unchecked) var value: Value

    init(_ value: Value) { self.value = value }
}

/// Both pools, whose workers are never the same thread, nor that of a test.
let pools = [Threads.Pool.default, .interactive]

/// Runs `body` on three threads at once, the calling one among them, and waits for all. Returns what it returned for 0, 1, 2.
func onThreeThreads<Result: Sendable>(
    _ body: @escaping @Sendable (_ number: Int) throws -> Result
) throws -> [Result] {
    let others = try pools.enumerated().map { index, pool in try Threads.spawn(on: pool) { try body(index + 1) } }
    let here = Fiber.spawn { try body(0) }
    return try [here.fetch()] + others.map { try $0.fetch() }
}

/// Parks until so many fibers wait, on whatever threads.
func awaitWaiters(_ count: Int, of object: some Shared, queue: Int = 0) throws {
    while object.queues.inSection({ _ in object.queues[queue].count }) != count {
        try Fiber.sleep(for: .microseconds(20))
    }
}

/// Parks until the flag is set.
func awaitFlag(_ flag: Flag) throws {
    while !flag.isSet { try Fiber.sleep(for: .microseconds(20)) }
}

/// Thrown into waits that the tests cut short.
struct Cut: Error {}

/// Throws a ``Cut`` into every wait of the fiber, after a random number of rounds each, until it has finished.
func cutWaits(of fiber: AnyFiber, seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    while !fiber.isDone {
        for _ in 0...Int.random(in: 0..<4, using: &random) { try Fiber.yield() }
        if fiber.state == .waiting { fiber.schedule(throwing: Cut()) }
    }
}

/// Repeats `body` until no cut comes out of it. Returns its value, and counts the cuts.
func repeating<Value>(_ cuts: inout Int, _ body: () throws -> Value) throws -> Value {
    while true {
        do { return try body() } catch is Cut { cuts += 1 }
    }
}

/// Belongs to the thread on which it was made, and notes if it goes away on another.
final class Resident {
    private let home = pthread_self()
    private let hasMoved: Flag
    private let hasGone: Flag

    init(hasMoved: Flag, hasGone: Flag = Flag()) { (self.hasMoved, self.hasGone) = (hasMoved, hasGone) }

    deinit {
        if pthread_self() != home { hasMoved.set() }
        hasGone.set()
    }
}
