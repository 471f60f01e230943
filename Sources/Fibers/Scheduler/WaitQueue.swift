// SPDX-License-Identifier: MIT
import CFibers

/// Parked fibers in the order they came: an intrusive list of their control blocks, so that waiting allocates nothing.
struct WaitQueue {
    /// The sentinel: allocated by `init`, or a field of a record.
    let list: UnsafeMutablePointer<fibers_link>

    init(list: UnsafeMutablePointer<fibers_link>) { self.list = list }

    init() { self = WaitQueue.allocate(1) }

    /// The first of `count` queues that lie side by side: see `next`.
    static func allocate(_ count: Int) -> WaitQueue {
        let lists = UnsafeMutablePointer<fibers_link>.allocate(capacity: count)
        for index in 0..<count { fibers_list_init(lists + index) }
        return WaitQueue(list: lists)
    }

    /// The one that was allocated beside it.
    var next: WaitQueue { WaitQueue(list: list + 1) }

    /// Frees what was allocated. Called by the owner's deinit: whoever waits keeps the owner alive, so nobody does.
    func destroy() { list.deallocate() }

    var isEmpty: Bool { fibers_list_is_empty(list) }

    /// Who waits longest, and will be woken first. `nil` if nobody waits.
    var first: FiberRecord? {
        @inline(__always) get { isEmpty ? nil : FiberRecord(pointer: fibers_fiber_of(list.pointee.next)) }
    }

    /// How many wait. O(*n*).
    var count: Int {
        var count = 0
        var link = list.pointee.next
        while let next = link, next != list {
            count += 1
            link = next.pointee.next
        }
        return count
    }

    /// Where a newcomer is put.
    enum Position {
        case last
        case first
    }
}

// MARK: Waiting

extension WaitQueue {
    /// Parks the current fiber until it is woken. `subject` is what the deadlock report says it waits for.
    func wait(for reason: WaitReason, subject: AnyObject? = nil, at position: Position = .last) throws {
        try park(on: Scheduler.current, for: reason, subject: subject, at: position, slot: nil)
    }

    /// Parks the current fiber until it is woken with a value, which is returned.
    func wait<Value>(
        for reason: WaitReason, subject: AnyObject? = nil, at position: Position = .last
    ) throws -> Value {
        let scheduler = Scheduler.current
        let slot = scheduler.takeSlot()
        defer { scheduler.giveBack(slot) }
        try park(on: scheduler, for: reason, subject: subject, at: position, slot: slot)
        return slot.take(as: Value.self)
    }

    /// Parks the current fiber until it is woken, with a slot for the waker to fill or empty. Returns whether it has; if
    /// not, or if this throws, nobody has touched the slot.
    func wait(for reason: WaitReason, subject: AnyObject?, slot: UnsafeMutablePointer<ValueStorage>) throws -> Bool {
        let scheduler = Scheduler.current
        try park(on: scheduler, for: reason, subject: subject, at: .last, slot: slot)
        return scheduler.current.slot != nil
    }

    @inline(__always)
    private func park(
        on scheduler: Scheduler, for reason: WaitReason, subject: AnyObject?, at position: Position,
        slot: UnsafeMutablePointer<ValueStorage>?
    ) throws {
        let subject = subject.map { Unmanaged.passUnretained($0).toOpaque() }
        try scheduler.park(for: reason, in: list, at: position, subject: subject, slot: slot)
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

// MARK: Waking

extension WaitQueue {
    /// Wakes the fiber that waits longest. False if none does.
    @discardableResult
    func wakeFirst() -> Bool { takeFirst() != nil }

    /// Hands `value` to the fiber that waits longest, unless that wants none. False if none waits.
    @discardableResult
    func wakeFirst<Value>(with value: Value) -> Bool {
        guard let fiber = takeFirst() else { return false }
        fiber.slot?.store(value)
        return true
    }

    /// Wakes the fiber that waits longest, and takes the value that it has in its slot. Somebody waits.
    @inline(__always)
    func wakeFirst<Value>(taking type: Value.Type) -> Value {
        takeFirst().unsafelyUnwrapped.slot.unsafelyUnwrapped.take(as: type)
    }

    /// Wakes all, in the order they came, and returns how many that were.
    @discardableResult
    func wakeAll() -> Int { takeAll { _ in } }

    /// Hands `value` to all that want one, in the order they came, and returns how many they were.
    @discardableResult
    func wakeAll<Value>(with value: Value) -> Int { takeAll { $0.slot?.store(value) } }

    /// Wakes all, in the order they came, without touching what their slots hold.
    func wakeAllWithoutSlots() { takeAll { $0.slot = nil } }

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

    @discardableResult
    @inline(__always)
    private func takeAll(_ body: (FiberRecord) -> Void) -> Int {
        var count = 0
        while let fiber = takeFirst() {
            body(fiber)
            count += 1
        }
        return count
    }

    /// Wakes the fiber that waits longest. What it is to be given may be stored after, since waking never runs.
    @inline(__always)
    private func takeFirst() -> FiberRecord? {
        guard let first else { return nil }
        first.wakeOutOfQueue()
        return first
    }
}

extension FiberRecord {
    /// Wakes a parked fiber, wherever it waits.
    @inline(__always)
    func wakeOutOfQueue() {
        fibers_list_remove(&pointer.pointee.link)
        scheduler.wake(self)
    }
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
        wakeOutOfQueue()
    }

    /// Stores what a fiber parked in `parkUntilScheduled` gets. No value is told by no slot: to copy an `Any?` is slow.
    @inline(__always)
    func give(_ value: Any?) {
        if value == nil { slot = nil } else { slot.unsafelyUnwrapped.store(value) }
    }
}
