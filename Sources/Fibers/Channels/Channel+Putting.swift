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
        let section = queues.enter()
        guard isOpen else {
            section.leave()
            throw observed(closedError)
        }
        if handOver(element, in: section) { return section.leave() }
        guard hasRoom else { return try offer(element, leaving: section) }
        store(element, in: section)
        section.leave()
    }

    /// As ``put(_:)``, if that need not park.
    ///
    /// - Returns: Whether the element was put: not if the channel is full and nobody waits, nor if it is closed. Never
    ///   parks.
    @discardableResult
    public func putIfAvailable(_ element: Element) -> Bool {
        let section = queues.enter()
        defer { section.leave() }
        guard isOpen else { return false }
        if handOver(element, in: section) { return true }
        guard hasRoom else { return false }
        store(element, in: section)
        return true
    }

    private var hasRoom: Bool {
        @inline(__always) get { buffer.count < limit }
    }

    @inline(__always)
    private func store(_ element: Element, in section: Section) {
        buffer.append(element)
        if !watchers.isEmpty { watchers.wakeAll(in: section) }
    }

    /// Gives the element to the first taker, and a copy to every fetcher before it. False if there was no taker.
    @inline(__always)
    private func handOver(_ element: Element, in section: Section) -> Bool {
        !takers.isEmpty && handOverToFirst(element, in: section)
    }

    private func handOverToFirst(_ element: Element, in section: Section) -> Bool {
        while let reason = takers.first?.reason {
            takers.wakeFirst(with: element, in: section)
            if reason == .take { return true }
        }
        return false
    }

    /// Parks until somebody has taken the element out of the slot.
    private func offer(_ element: Element, leaving section: Section) throws {
        if !watchers.isEmpty { watchers.wakeAll(in: section) }
        let scheduler = Scheduler.current
        let slot = scheduler.takeSlot()
        defer { scheduler.giveBack(slot) }
        slot.store(element)
        do {
            guard try putters.wait(for: .put, subject: self, slot: slot, leaving: section) else { throw closedError }
        } catch {
            slot.destroy(Element.self)
            throw observed(error)
        }
    }
}
