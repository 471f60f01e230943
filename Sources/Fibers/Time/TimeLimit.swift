// SPDX-License-Identifier: MIT

/// One `withTimeout` in progress. Lies in its frame; a running timer points to it.
struct TimeLimit {
    private let fiber: FiberRecord
    private(set) var isExpired = false

    init(fiber: FiberRecord) { self.fiber = fiber }

    mutating func expire() {
        isExpired = true
        fiber.limitExpired()
    }

    /// The limit no longer applies.
    func end() {
        if isExpired { fiber.limitEnded() }
    }
}
