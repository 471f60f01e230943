// SPDX-License-Identifier: MIT

/// One thing that a fiber of a random program does.
struct Step {
    /// Unique within the program. Also the element put, the message sent and the error thrown, so that each says whence
    /// it came.
    var id = 0
    var verb: Verb
    /// Which channel, lock, …, fiber.
    var object = 0
    /// The children of a group; the fiber that `bind` binds to.
    var fibers: [Int] = []
    /// The policy of a group.
    var cancelsOthers = false
    /// What is done within a region.
    var body: [Step] = []
    /// Whether the fiber goes on after an error. If not, the error leaves the region, and in the end the fiber.
    var isCaught: Bool
}

/// A few fibers that run through lists of steps over a few shared objects. What each step does and in which order the
/// steps of all fibers are done is decided by the rules of the library; `Model` says how.
struct Program {
    /// How a fiber comes into being.
    enum Origin {
        /// Spawned by the root fiber before anything runs.
        case spawned
        /// Made by the root fiber; a step may schedule it.
        case new
        /// Made in a group.
        case child
    }

    struct Plan {
        var origin = Origin.spawned
        var steps: [Step] = []
    }

    /// More of a kind no program has.
    static let mostObjects = 8

    var seed: UInt64 = 0
    /// Capacities; `Int.max` is unbounded.
    var channels: [Int] = []
    var conditions = 0
    var locks = 0
    /// Permits.
    var semaphores: [Int] = []
    /// Which reset themselves.
    var events: [Bool] = []
    var fibers: [Plan] = []
}

extension Step: CustomStringConvertible {
    var description: String { lines.joined(separator: "\n") }

    /// The listing, as in `12 try? put 0`.
    fileprivate var lines: [String] {
        let operands = (verb.object == .nothing ? [] : ["\(object)"]) + (fibers.isEmpty ? [] : ["\(fibers)"])
        let words = [isCaught ? "try?" : "try", "\(verb)"] + operands + (cancelsOthers ? ["cancelOthers"] : [])
        return ["\(id) " + words.joined(separator: " ")] + body.flatMap(\.lines).map { "    " + $0 }
    }
}

extension Program: CustomStringConvertible {
    var description: String {
        let objects = """
            seed \(seed)
            channels \(channels.map { $0 == .max ? "unbounded" : "\($0)" }), conditions \(conditions), locks \(locks), \
            semaphores \(semaphores), autoreset events \(events)
            """
        let listings = fibers.enumerated().map { index, plan in
            (["fiber \(index) (\(plan.origin))"] + plan.steps.flatMap(\.lines).map { "    " + $0 })
        }
        return ([objects] + listings.joined()).joined(separator: "\n")
    }
}
