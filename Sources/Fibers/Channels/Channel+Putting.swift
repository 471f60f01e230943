// SPDX-License-Identifier: MIT

extension Channel {
    /// Adds an element at the end (Julia's `put!`, row CH5).
    ///
    /// Hands it to the fiber that has waited longest in ``take()``, or stores it if there is room, and returns at once.
    /// Otherwise parks the calling fiber until the element was taken or has moved into the buffer.
    ///
    /// - Throws: The closing error, ``ChannelClosedError`` if none was given, if the channel is closed before or
    ///   meanwhile; `CancellationError` if the fiber is cancelled while it is parked; ``DeadlockError`` if it is the
    ///   root fiber and nothing can ever run again. Then the element has not been put and never will be.
    /// - Complexity: O(1); O(*n*) for *n* fibers parked in ``fetch()`` or ``wait()``. Allocates nothing once the buffer has
    ///   grown to what is used, but for an element of more than four words that has to wait for its taker.
    @available(*, noasync)
    public func put(_ element: Element) throws {
        guard isOpen else { throw observed(closedError) }
        if !give(element) { try offer(element) }
    }

    /// As ``put(_:)``, if that need not park.
    ///
    /// - Returns: Whether the element was put: not if the channel is full and nobody waits, nor if it is closed. Never
    ///   parks.
    @discardableResult
    public func putIfAvailable(_ element: Element) -> Bool { isOpen && give(element) }

    /// Hands the element over or stores it, if that can be done now.
    @inline(__always)
    private func give(_ element: Element) -> Bool {
        if !takers.isEmpty, handOver(element) { return true }
        guard buffer.count < limit else { return false }
        buffer.append(element)
        if !watchers.isEmpty { watchers.wakeAll() }
        return true
    }

    /// Gives the element to the first taker, and a copy to every fetcher before it. False if there was no taker.
    private func handOver(_ element: Element) -> Bool {
        while let reason = takers.first?.reason {
            takers.wakeFirst(with: element)
            if reason == .take { return true }
        }
        return false
    }

    /// Parks until somebody has taken the element out of the slot.
    private func offer(_ element: Element) throws {
        if !watchers.isEmpty { watchers.wakeAll() }
        let scheduler = Scheduler.current
        let slot = scheduler.takeSlot()
        defer { scheduler.giveBack(slot) }
        slot.store(element)
        do {
            guard try putters.wait(for: .put, subject: self, slot: slot) else { throw closedError }
        } catch {
            slot.destroy(Element.self)
            throw observed(error)
        }
    }
}
