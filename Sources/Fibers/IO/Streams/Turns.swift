// SPDX-License-Identifier: MIT

/// One fiber at a time does something in whose midst it parks; the others come in call order.
final class Turns {
    @exclusivity(unchecked) private(set) var isTaken = false
    private let queue = WaitQueue()

    deinit { queue.destroy() }

    /// Parks the calling fiber until it is its turn. Who gets one ends it.
    @inline(__always)
    func begin(for reason: WaitReason, subject: AnyObject) throws {
        if isTaken { try queue.wait(for: reason, subject: subject) }
        isTaken = true
    }

    /// The turn goes to whoever waits longest.
    @inline(__always)
    func end() { isTaken = queue.wakeFirst() }

    /// Throws out of all waits for a turn.
    func interruptAll(throwing error: any Error) { queue.interruptAll(throwing: error) }
}
