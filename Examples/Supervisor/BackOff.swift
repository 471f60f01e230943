// SPDX-License-Identifier: MIT
import ArgumentParser

/// How a program is kept from starting again and again at once.
struct BackOffOptions: ParsableArguments {
    @Option(name: .customLong("back-off"), help: "How many seconds pass before a program starts again, at first.")
    var first = 0.5
    @Option(name: .customLong("back-off-limit"), help: "They double each time, but are never more than this.")
    var limit = 30.0
    @Option(name: .customLong("back-off-reset"), help: "A run of so many seconds makes them what they were at first.")
    var reset = 60.0

    var backOff: BackOff { BackOff(first: .seconds(first), limit: .seconds(limit), reset: .seconds(reset)) }

    func validate() throws {
        guard first > 0, limit >= first else {
            throw ValidationError("--back-off must be above 0 and at most --back-off-limit, but is \(first)")
        }
    }
}

/// The time before the next start.
struct BackOff {
    private let first: Duration
    private let limit: Duration
    private let reset: Duration
    private var next: Duration

    init(first: Duration, limit: Duration, reset: Duration) {
        self.first = first
        self.limit = limit
        self.reset = reset
        next = first
    }

    mutating func delay(afterRunOf duration: Duration) -> Duration {
        if duration >= reset { next = first }
        defer { next = min(next * 2, limit) }
        return next
    }
}
