// SPDX-License-Identifier: MIT
import Fibers

/// What model and fibers are compared by.
struct Entry: Equatable, CustomStringConvertible {
    let fiber: Int
    let step: Int
    let outcome: Outcome

    /// In place of a step: the fiber begins, or ends.
    static let begin = -1
    static let end = -2
    /// In place of a step: what is left of a fiber or an object when all has ended.
    static let rest = -3

    var description: String {
        switch step {
        case Entry.begin: "fiber \(fiber) begins"
        case Entry.end: "fiber \(fiber) ends: \(outcome)"
        case Entry.rest: "rest \(fiber): \(outcome)"
        default: "fiber \(fiber) step \(step): \(outcome)"
        }
    }
}

/// How a step ended.
enum Outcome: Equatable {
    case done
    case value(Int)
    /// There was none, or it could not be done.
    case nothing
    case threw(Fault)
    /// The root fiber was told that nothing can ever run again, with these fibers parked.
    case deadlock([Int])
}

/// The errors of the library and of random programs, in a form that can be compared.
indirect enum Fault: Equatable {
    case cancelled
    case closed
    case misuse
    case deadlock
    /// The error of a step.
    case thrown(Int)
    case failed(Int, Fault)
    case composite([Fault])
    case unknown(String)
}

/// The error of a step.
struct Thrown: Error {
    let step: Int

    /// By which the root fiber ends a deadlock.
    static let sweep = 0
}
