// SPDX-License-Identifier: MIT

/// How often each verb came to each kind of end, to see that the generator reaches them all.
struct Coverage {
    enum Happening: Int, CaseIterable {
        /// It did not park.
        case atOnce
        /// It parked and went well.
        case parked
        /// It would have parked, but an interruption was there before. Of a spawn: the fiber failed before it ran.
        case refused
        /// Cancelled while parked.
        case cancelled
        /// Cancelled while parked in the body of a group, by the group.
        case cancelledByGroup
        /// Another error thrown into it while parked.
        case interrupted
        /// The channel was closed while it was parked.
        case closed
        /// An interruption came after the wait was decided: the result was kept. Of a group: it came while the group
        /// awaited cancelled children. Of a shield: it held a cancellation back.
        case kept
        /// It could not be done.
        case nothing
        /// A region ended, well or with an error.
        case left, failed
    }

    private static let width = Happening.allCases.count
    private var counts = Array(repeating: 0, count: Verb.allCases.count * width)

    subscript(verb: Verb, happening: Happening) -> Int {
        get { counts[verb.rawValue * Coverage.width + happening.rawValue] }
        set { counts[verb.rawValue * Coverage.width + happening.rawValue] = newValue }
    }

    static func += (sum: inout Coverage, more: Coverage) {
        for index in sum.counts.indices { sum.counts[index] += more.counts[index] }
    }
}
