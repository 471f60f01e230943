// SPDX-License-Identifier: MIT

/// The rare parts of a fiber, in an object of their own so that the others stay small.
///
/// As in the fiber, accesses are single loads and stores.
final class FiberExtras {
    /// As a C string, because a signal handler needs it, too.
    @exclusivity(unchecked) private(set) var name: UnsafeMutablePointer<CChar>?
    /// What the fiber keeps under `FiberLocal` keys; `nil` until it keeps anything.
    @exclusivity(unchecked) var locals: [ObjectIdentifier: AnyObject]?
    /// Handed over by an interruption, until a park throws it.
    @exclusivity(unchecked) var handedError: (any Error)?
    /// Passed to the fiber by other threads, until a park returns it.
    @exclusivity(unchecked) var passedValues: PassedValues?
    /// What ends with the fiber, the first apart: more are rare, and an array costs an allocation.
    @exclusivity(unchecked) private var firstBound: (any EndsWithFiber)?
    @exclusivity(unchecked) private var otherBound: [any EndsWithFiber]?
    /// What the body threw.
    @exclusivity(unchecked) var failure: (any Error)?

    deinit { name?.deallocate() }

    /// Called once.
    func setName(_ text: String) {
        var text = text
        name = text.withUTF8 { characters in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: characters.count + 1)
            for index in characters.indices { (copy + index).initialize(to: CChar(bitPattern: characters[index])) }
            (copy + characters.count).initialize(to: 0)
            return copy
        }
    }

    func bind(_ object: any EndsWithFiber) {
        if firstBound == nil, otherBound == nil {
            firstBound = object
        } else {
            otherBound = (otherBound ?? []) + [object]
        }
    }

    func unbind(_ object: any EndsWithFiber) {
        if firstBound === object { firstBound = nil }
        otherBound?.removeAll { $0 === object }
    }

    func endBound(with fiber: AnyFiber) {
        let (first, others) = (firstBound, otherBound)
        (firstBound, otherBound) = (nil, nil)
        first?.close(after: fiber)
        for object in others ?? [] { object.close(after: fiber) }
    }
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
        madeExtras().bind(object)
    }

    /// Undoes every `bind` of `object`.
    func unbind(_ object: any EndsWithFiber) { extras?.unbind(object) }
}

/// What ends with a fiber.
protocol EndsWithFiber: AnyObject {
    /// Called when the fiber has finished, on its stack. Must not park.
    func close(after fiber: AnyFiber)
}
