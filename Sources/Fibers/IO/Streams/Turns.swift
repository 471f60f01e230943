// SPDX-License-Identifier: MIT

/// One fiber at a time does something in whose midst it parks; the others come in call order.
package final class Turns {
    @exclusivity(unchecked) package private(set) var isTaken = false
    /// Whose turn it is, while that runs code of the user's.
    @exclusivity(unchecked) private var borrower: FiberRecord?
    private let queue = WaitQueue()

    package init() {}

    deinit { queue.destroy() }

    /// Parks the calling fiber until it is its turn. Who gets one ends it.
    @inline(__always)
    package func begin(for reason: WaitReason, subject: AnyObject) throws {
        if isTaken { try waitForTurn(for: reason, subject: subject) }
        isTaken = true
    }

    @inline(never)
    private func waitForTurn(for reason: WaitReason, subject: AnyObject) throws {
        guard borrower != Scheduler.current.current else {
            throw ConcurrencyViolationError("\(subject): a body that was lent a line cannot read from the same reader")
        }
        try queue.wait(for: reason, subject: subject)
    }

    /// The turn goes to whoever waits longest.
    @inline(__always)
    package func end() { isTaken = queue.wakeFirst() }

    /// From now on the fiber whose turn it is runs code that may try to get another.
    func lend() { borrower = Scheduler.current.current }

    func takeBack() { borrower = nil }

    /// Throws out of all waits for a turn.
    package func interruptAll(throwing error: any Error) { queue.interruptAll(throwing: error) }
}
