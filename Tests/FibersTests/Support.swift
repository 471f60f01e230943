// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import Synchronization
import Testing

/// Runs a synchronous test body as the root fiber of a loop of its own, so that tests can run side by side.
func inFiber<Result>(_ body: () throws -> Result) throws -> Result {
    try EventLoop.run(isolated: true, body)
}

/// Lets everything that is ready run, and what that makes ready, until nothing changes in practice.
func drain(rounds: Int = 20) throws {
    for _ in 0..<rounds { try Fiber.yield() }
}

/// Runs `body` on a thread of its own and waits for that.
func onNewThread(_ body: @escaping @Sendable () -> Void) {
    let isDone = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
        body()
        isDone.signal()
    }
    isDone.wait()
}

/// An error that is only equal to itself.
final class Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// What `body` throws; `nil` if it returns.
func failure<Result>(of body: () throws -> Result) -> (any Error)? {
    do {
        _ = try body()
        return nil
    } catch {
        return error
    }
}

/// Counts the live objects made with it.
final class Census {
    private(set) var living = 0

    final class Member {
        private let census: Census
        private let atEnd: () -> Void

        fileprivate init(of census: Census, atEnd: @escaping () -> Void) {
            self.census = census
            self.atEnd = atEnd
            census.living += 1
        }

        deinit {
            census.living -= 1
            atEnd()
        }
    }

    func newMember(atEnd: @escaping () -> Void = {}) -> Member { Member(of: self, atEnd: atEnd) }
}

/// What a child process wrote to its standard error.
func errorOutput(of result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}

/// Whether a trap said `sentence`.
func trapSaid(_ sentence: String, _ result: ExitTest.Result?) -> Bool {
    errorOutput(of: result).contains(sentence)
}

/// Set by one thread, seen by others.
final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() { value.store(true, ordering: .relaxed) }
}
