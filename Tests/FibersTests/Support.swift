// SPDX-License-Identifier: MIT
// Nearly every file uses it.
@_exported public import TestSupport

import Foundation
import Synchronization
import Testing

/// Runs `body` on a thread of its own.
func detachThread(_ body: @escaping @Sendable () -> Void) { Thread.detachNewThread(body) }

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
