// SPDX-License-Identifier: MIT
import CFibers

// What a parked call needs: a place in a queue, and room for a value on its way.

// Who waits in a queue that threads share is in a section, which ends when the fiber stands in the queue, or if it may not.
extension WaitQueue {
    /// Parks the current fiber until it is woken. `subject` is what the deadlock report says it waits for.
    @inline(__always)
    func wait(
        for reason: WaitReason, subject: AnyObject? = nil, at position: Position = .last,
        leaving section: Section = .ofOneThread
    ) throws {
        try park(on: .current, for: reason, subject: subject, at: position, slot: nil, leaving: section)
    }

    /// Parks the current fiber until it is woken with a value, which is returned.
    func wait<Value>(
        for reason: WaitReason, subject: AnyObject? = nil, at position: Position = .last
    ) throws -> Value {
        let scheduler = Scheduler.current
        let slot = scheduler.takeSlot()
        defer { scheduler.giveBack(slot) }
        try park(on: scheduler, for: reason, subject: subject, at: position, slot: slot, leaving: .ofOneThread)
        return slot.take(as: Value.self)
    }

    /// Parks the current fiber until it is woken, with a slot for the waker to fill or empty. Returns whether it has; if
    /// not, or if this throws, nobody has touched the slot.
    func wait(
        for reason: WaitReason, subject: AnyObject?, slot: UnsafeMutablePointer<ValueStorage>,
        leaving section: Section = .ofOneThread
    ) throws -> Bool {
        let scheduler = Scheduler.current
        try park(on: scheduler, for: reason, subject: subject, at: .last, slot: slot, leaving: section)
        return scheduler.current.slot != nil
    }

    /// Parks the current fiber until it is woken with a value in its slot. `beforeLeaving` is what it does when it stands in
    /// the queue already.
    func wait(
        for reason: WaitReason, subject: AnyObject, at position: Position, slot: UnsafeMutablePointer<ValueStorage>,
        leaving section: Section, beforeLeaving: () -> Void
    ) throws {
        try park(
            on: .current, for: reason, subject: subject, at: position, slot: slot, leaving: section,
            beforeLeaving: beforeLeaving)
    }

    @inline(__always)
    private func park(
        on scheduler: Scheduler, for reason: WaitReason, subject: AnyObject?, at position: Position,
        slot: UnsafeMutablePointer<ValueStorage>?, leaving section: Section, beforeLeaving: () -> Void = {}
    ) throws {
        let subject = subject.map { Unmanaged.passUnretained($0).toOpaque() }
        try scheduler.park(
            for: reason, in: list, at: position, subject: subject, slot: slot, leaving: section,
            beforeLeaving: beforeLeaving)
    }
}

extension Scheduler {
    /// Room for a value on its way between two fibers, empty. Belongs to the parked one; not in its frame, because code
    /// that is not specialised cannot give a variable an address without looking metadata up.
    @inline(__always)
    func takeSlot() -> UnsafeMutablePointer<ValueStorage> {
        guard let slot = fibers_scheduler_take_slot(core) else { fatalError("out of memory: cannot wait for a value") }
        return slot.assumingMemoryBound(to: ValueStorage.self)
    }

    /// Takes an empty slot back, for the next that waits.
    @inline(__always)
    func giveBack(_ slot: UnsafeMutablePointer<ValueStorage>) { fibers_scheduler_give_back_slot(core, slot) }
}

// MARK: Waiting in no queue

extension Scheduler {
    /// Parks the current fiber outside of all queues until it is scheduled explicitly; returns what that passed. If there
    /// is a `next`, whose wait is decided, it runs ahead of all others.
    func parkUntilScheduled(running next: FiberRecord? = nil) throws -> Any? {
        let slot = takeSlot()
        defer { giveBack(slot) }
        try park(for: .explicitSchedule, slot: slot, running: next)
        return current.slot == nil ? nil : slot.take(as: Any?.self)
    }
}

extension FiberRecord {
    var isParkedUntilScheduled: Bool {
        @inline(__always) get { phase == .waiting && reason == .explicitSchedule }
    }

    /// Ends the wait of a fiber parked in `parkUntilScheduled`.
    func deliver(_ value: Any?) {
        give(value)
        scheduler.wake(self)
    }

    /// Stores what a fiber parked in `parkUntilScheduled` gets. No value is told by no slot: to copy an `Any?` is slow.
    @inline(__always)
    func give(_ value: Any?) {
        if value == nil { slot = nil } else { slot.unsafelyUnwrapped.store(value) }
    }
}
