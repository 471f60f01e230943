// SPDX-License-Identifier: MIT
import CFibers

/// Parked fibers in the order they came: an intrusive list of records that lie in the frames of the parked calls, so
/// that waiting allocates nothing.
struct WaitQueue {
    /// The sentinel: allocated by `init`, or a field of a record.
    let list: UnsafeMutablePointer<fibers_link>

    init(list: UnsafeMutablePointer<fibers_link>) { self.list = list }

    init() {
        list = .allocate(capacity: 1)
        fibers_list_init(list)
    }

    /// Frees what `init()` allocated. Called by the owner's deinit: whoever waits keeps the owner alive, so nobody does.
    func destroy() { list.deallocate() }

    var isEmpty: Bool { fibers_list_is_empty(list) }

    /// Who waits longest, and will be woken first. `nil` if nobody waits.
    var first: FiberRecord? {
        isEmpty ? nil : FiberRecord(pointer: fibers_waiter_of(list.pointee.next).pointee.fiber)
    }

    /// Where a newcomer is put.
    enum Position {
        case last
        case first
    }

    /// Parks the current fiber until it is woken. `subject` is what the deadlock report says it waits for.
    func wait(for reason: WaitReason, subject: AnyObject? = nil) throws {
        try park(for: reason, subject: subject, at: .last, slot: nil)
    }

    /// Parks the current fiber until it is woken with a value, which is returned.
    func wait<Value>(
        for reason: WaitReason, subject: AnyObject? = nil, at position: Position = .last
    ) throws -> Value {
        var slot = FourWords()
        return try withUnsafeMutablePointer(to: &slot) { slot in
            try park(for: reason, subject: subject, at: position, slot: slot)
            return slot.take(as: Value.self)  // a wait that was not decided throws
        }
    }

    /// Parks the current fiber until it is woken, with a slot for the waker to fill or empty. Returns whether it has; if
    /// not, or if this throws, nobody has touched the slot.
    func wait(for reason: WaitReason, subject: AnyObject?, slot: UnsafeMutableRawPointer) throws -> Bool {
        try park(for: reason, subject: subject, at: .last, slot: slot)
    }

    @discardableResult
    private func park(
        for reason: WaitReason, subject: AnyObject?, at position: Position, slot: UnsafeMutableRawPointer?
    ) throws -> Bool {
        let scheduler = Scheduler.current
        var waiter = fibers_waiter(
            link: fibers_link(),
            fiber: scheduler.current.pointer,
            slot: slot,
            subject: subject.map { Unmanaged.passUnretained($0).toOpaque() })
        return try withUnsafeMutablePointer(to: &waiter) { waiter in
            try scheduler.park(as: waiter, in: list, at: position, for: reason)
            return waiter.pointee.slot != nil
        }
    }

    /// Wakes the fiber that waits longest. False if none does.
    @discardableResult
    func wakeFirst() -> Bool {
        guard let waiter = takeFirst() else { return false }
        WaitQueue.wake(waiter)
        return true
    }

    /// Hands `value` to the fiber that waits longest. False if none does.
    @discardableResult
    func wakeFirst<Value>(with value: Value) -> Bool {
        guard let waiter = takeFirst() else { return false }
        WaitQueue.hand(value, to: waiter)
        return true
    }

    /// Wakes all, in the order they came, and returns how many that were.
    @discardableResult
    func wakeAll() -> Int { takeAll(WaitQueue.wake) }

    /// Hands `value` to all, in the order they came, and returns how many that were.
    @discardableResult
    func wakeAll<Value>(with value: Value) -> Int { takeAll { WaitQueue.hand(value, to: $0) } }

    /// Throws `error` out of the longest wait. False if nobody waits.
    @discardableResult
    func interruptFirst(throwing error: any Error) -> Bool {
        guard let first else { return false }
        first.interrupt(throwing: error)
        return true
    }

    /// Throws `error` out of all waits, in the order they came, and returns how many that were.
    @discardableResult
    func interruptAll(throwing error: any Error) -> Int {
        var count = 0
        while interruptFirst(throwing: error) { count += 1 }
        return count
    }

    /// Hands `value` to one particular waiter.
    static func hand<Value>(_ value: Value, toWaiterInQueue waiter: UnsafeMutablePointer<fibers_waiter>) {
        fibers_list_remove(&waiter.pointee.link)
        hand(value, to: waiter)
    }

    @discardableResult
    func takeAll(_ body: (UnsafeMutablePointer<fibers_waiter>) -> Void) -> Int {
        var count = 0
        while let waiter = takeFirst() {
            body(waiter)
            count += 1
        }
        return count
    }

    func takeFirst() -> UnsafeMutablePointer<fibers_waiter>? {
        guard !isEmpty, let link = list.pointee.next else { return nil }
        fibers_list_remove(link)
        return fibers_waiter_of(link)
    }

    private static func hand<Value>(_ value: Value, to waiter: UnsafeMutablePointer<fibers_waiter>) {
        waiter.pointee.slot.unsafelyUnwrapped.assumingMemoryBound(to: FourWords.self).store(value)
        wake(waiter)
    }

    static func wake(_ waiter: UnsafeMutablePointer<fibers_waiter>) {
        let fiber = FiberRecord(pointer: waiter.pointee.fiber)
        fiber.pointer.pointee.waiter = nil
        Scheduler(core: fiber.pointer.pointee.scheduler).wake(fiber)
    }
}

extension Scheduler {
    /// Parks the current fiber as `waiter` in a wait queue, unless it was interrupted before.
    @inline(__always)
    fileprivate func park(
        as waiter: UnsafeMutablePointer<fibers_waiter>, in list: UnsafeMutablePointer<fibers_link>,
        at position: WaitQueue.Position, for reason: WaitReason
    ) throws {
        let fiber = current
        guard fiber.interruption.isEmpty else { throw fiber.refusePark() }
        switch position {
        case .last: fibers_list_append(list, &waiter.pointee.link)
        case .first: fibers_list_prepend(list, &waiter.pointee.link)
        }
        fiber.pointer.pointee.waiter = waiter
        try park(for: reason)
    }

    /// Parks the current fiber outside of all queues until it is scheduled explicitly; returns what that passed.
    func parkUntilScheduled() throws -> Any? {
        var list = fibers_link()
        return try withUnsafeMutablePointer(to: &list) { list in
            fibers_list_init(list)
            return try WaitQueue(list: list).wait(for: .explicitSchedule)
        }
    }
}

extension FiberRecord {
    /// Ends the wait of a fiber parked in `parkUntilScheduled`.
    func deliver(_ value: Any?) {
        guard let waiter = pointer.pointee.waiter else { return }
        WaitQueue.hand(value, toWaiterInQueue: waiter)
    }
}
