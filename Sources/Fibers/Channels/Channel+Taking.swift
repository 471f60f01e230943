// SPDX-License-Identifier: MIT

extension Channel {
    /// Removes the oldest element (Julia's `take!`, row CH6).
    ///
    /// Returns at once if there is one. Otherwise parks the calling fiber until it is handed one; fibers are served in
    /// the order they came.
    ///
    /// - Throws: The closing error, ``ChannelClosedError`` if none was given, if the channel is closed and nothing is
    ///   left, before or meanwhile; `CancellationError` if the fiber is cancelled while it is parked;
    ///   ``DeadlockError`` if it is the root fiber and nothing can ever run again. An element that was handed to the
    ///   fiber is never lost: an interruption that comes later is thrown by the next park.
    /// - Complexity: O(1), without an allocation for an element of up to four words.
    @available(*, noasync)
    public func take() throws -> Element {
        let section = queues.enter()
        if hasElement {
            defer { section.leave() }
            return removeFirst(in: section)
        }
        return try awaitElement(for: .take, leaving: section)
    }

    /// As ``take()``, if that need not park.
    ///
    /// - Returns: The oldest element; `nil` if there is none, whether the channel is closed or not. Never parks.
    public func takeIfAvailable() -> Element? {
        let section = queues.enter()
        defer { section.leave() }
        return hasElement ? removeFirst(in: section) : nil
    }

    /// A copy of the oldest element, which stays (Julia's `fetch`, row CH7).
    ///
    /// Returns at once if there is one. Otherwise parks the calling fiber until one is put; takers that came earlier are
    /// served before.
    ///
    /// - Throws: ``ConcurrencyViolationError`` if the channel has capacity 0; else as ``take()``.
    /// - Complexity: As ``take()``.
    @available(*, noasync)
    public func fetch() throws -> Element {
        guard limit > 0 else {
            throw ConcurrencyViolationError("`fetch` is not supported on an unbuffered Channel.")
        }
        let section = queues.enter()
        if buffer.count > 0 {
            defer { section.leave() }
            return buffer.first.pointee
        }
        return try awaitElement(for: .fetch, leaving: section)
    }

    /// Parks the calling fiber until something can be taken, and removes nothing (Julia's `wait(c)`, row W6). Returns at
    /// once if something can.
    ///
    /// A fiber that waits does not count as a taker. What it waits for may be gone again by the time it takes.
    ///
    /// - Throws: As ``take()``.
    @available(*, noasync)
    public func wait() throws {
        while true {
            let section = queues.enter()
            if hasElement { return section.leave() }
            guard isOpen else {
                section.leave()
                throw observed(closedError)
            }
            try watchers.wait(for: .element, subject: self, leaving: section)
        }
    }

    /// The oldest element, in the buffer or else in the slot of a parked put. There is one.
    @inline(__always)
    func removeFirst(in section: Section) -> Element {
        guard buffer.count > 0 else { return putters.wakeFirst(taking: Element.self, in: section) }
        let element = buffer.removeFirst()
        if !putters.isEmpty { buffer.append(putters.wakeFirst(taking: Element.self, in: section)) }
        return element
    }

    /// Parks until somebody has put an element into the slot.
    private func awaitElement(for reason: WaitReason, leaving section: Section) throws -> Element {
        guard isOpen else {
            section.leave()
            throw observed(closedError)
        }
        let scheduler = Scheduler.current
        let slot = scheduler.takeSlot()
        defer { scheduler.giveBack(slot) }
        guard try takers.wait(for: reason, subject: self, slot: slot, leaving: section) else {
            throw observed(closedError)
        }
        return slot.take(as: Element.self)
    }
}
