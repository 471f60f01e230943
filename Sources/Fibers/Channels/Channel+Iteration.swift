// SPDX-License-Identifier: MIT

/// `for element in channel` takes elements until the channel is closed and nothing is left (row CH17). Several loops
/// share the elements.
extension Channel: Sequence, IteratorProtocol {
    /// Takes the oldest element; `nil` once the channel is closed, with whatever error, and nothing is left.
    ///
    /// Parks the calling fiber until there is an element. It cannot throw: if the fiber is interrupted, it returns `nil`, so
    /// that a loop ends, and the next call that parks throws. A producer that fails ends the loop as if it had finished;
    /// where that matters, use ``forEach(_:)`` or ``collect()``. A failure that only a loop met is reported.
    @available(*, noasync)
    public func next() -> Element? {
        let section = queues.enter()
        if hasElement {
            defer { section.leave() }
            return removeFirst(in: section)
        }
        guard isOpen else {
            section.leave()
            return nil
        }
        let scheduler = Scheduler.current
        let slot = scheduler.takeSlot()
        defer { scheduler.giveBack(slot) }
        do {
            return try takers.wait(for: .take, subject: self, slot: slot, leaving: section)
                ? slot.take(as: Element.self) : nil
        } catch {
            scheduler.current.keepInterruption(error)
            return nil
        }
    }

    /// Takes elements until the channel is closed and nothing is left, and calls `body` with each.
    ///
    /// Parks the calling fiber whenever there is no element.
    ///
    /// - Throws: The error the channel was closed with, unless that is ``ChannelClosedError``: such as
    ///   ``FiberFailedError`` if a bound fiber failed. What `body` throws. `CancellationError` if the calling fiber is cancelled
    ///   while it is parked; ``DeadlockError`` if it is the root fiber and nothing can ever run again.
    @available(*, noasync)
    public func forEach(_ body: (Element) throws -> Void) throws {
        while true {
            let element: Element
            do {
                element = try take()
            } catch let error as ChannelClosedError {
                guard isOpen else { return }
                throw error
            }
            try body(element)
        }
    }

    /// Takes elements until the channel is closed and nothing is left, and returns them (Julia's `collect`).
    ///
    /// Parks the calling fiber whenever there is no element.
    ///
    /// - Throws: As ``forEach(_:)``; the elements taken until then are lost.
    @available(*, noasync)
    public func collect() throws -> [Element] {
        var elements: [Element] = []
        try forEach { elements.append($0) }
        return elements
    }
}
