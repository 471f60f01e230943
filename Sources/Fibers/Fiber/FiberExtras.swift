// SPDX-License-Identifier: MIT

/// The rare parts of a fiber, in an object of their own so that the others stay small.
///
/// As in the fiber, accesses are single loads and stores.
final class FiberExtras {
    @exclusivity(unchecked) var name: FiberName?
    /// What the fiber keeps under `FiberLocal` keys; `nil` until it keeps anything.
    @exclusivity(unchecked) var locals: [ObjectIdentifier: AnyObject]?
    /// Handed over by an interruption, until a park throws it.
    @exclusivity(unchecked) var handedError: (any Error)?
    /// What ends with the fiber; nil or taken once it has finished.
    @exclusivity(unchecked) var bound: [any EndsWithFiber]?
    /// What the body threw.
    @exclusivity(unchecked) var failure: (any Error)?
    /// Somebody waited for the fiber, so its failure is known.
    @exclusivity(unchecked) var isFailureSeen = false

    func takeBound() -> [any EndsWithFiber]? {
        defer { bound = nil }
        return bound
    }
}

/// A fiber's name, as a signal handler needs it too.
final class FiberName {
    let text: String
    let characters: UnsafeMutablePointer<CChar>

    init(_ text: String) {
        self.text = text
        let copy = text.utf8CString
        characters = .allocate(capacity: copy.count)
        for index in copy.indices { (characters + index).initialize(to: copy[index]) }
    }

    deinit { characters.deallocate() }
}

extension AnyFiber {
    /// The extras, made if there are none.
    func madeExtras() -> FiberExtras {
        if let extras { return extras }
        let made = FiberExtras()
        extras = made
        return made
    }

    /// Lets `object` end with the fiber, and keeps it until then; at once, if the fiber has finished.
    func bind(_ object: any EndsWithFiber) {
        guard !isDone else { return object.close(after: self) }
        let extras = madeExtras()
        extras.bound = (extras.takeBound() ?? []) + [object]
    }
}

/// What ends with a fiber.
protocol EndsWithFiber: AnyObject {
    /// Called when the fiber has finished, on its stack. Must not park.
    func close(after fiber: AnyFiber)
}
