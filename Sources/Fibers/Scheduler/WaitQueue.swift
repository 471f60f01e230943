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
