// SPDX-License-Identifier: MIT
import CFibers

/// Parked fibers in the order they came: an intrusive list of their control blocks, so that waiting allocates nothing.
struct WaitQueue {
    /// The sentinel: allocated by `init`, or a field of something larger.
    let list: UnsafeMutablePointer<fibers_link>

    init(list: UnsafeMutablePointer<fibers_link>) { self.list = list }

    init() {
        list = .allocate(capacity: 1)
        fibers_list_init(list)
    }

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

// Queues that threads share are given the section in which the caller is.
extension WaitQueue {
    /// Wakes the fiber that waits longest. False if none does.
    @discardableResult
    @inline(__always)
    func wakeFirst(in section: Section = .ofOneThread) -> Bool { takeFirst(in: section) { _ in } }

    /// Hands `value` to the fiber that waits longest, unless that wants none. False if none waits.
    @discardableResult
    @inline(__always)
    func wakeFirst<Value>(with value: Value, in section: Section = .ofOneThread) -> Bool {
        takeFirst(in: section) { $0.slot?.store(value) }
    }

    /// Wakes the fiber that waits longest, and takes the value that it has in its slot. Somebody waits.
    @inline(__always)
    func wakeFirst<Value>(taking type: Value.Type, in section: Section) -> Value {
        let fiber = first.unsafelyUnwrapped
        let value = fiber.slot.unsafelyUnwrapped.take(as: type)
        fibers_list_remove(&fiber.pointer.pointee.link)
        section.wake(fiber)
        return value
    }

    /// Wakes all, in the order they came, and returns how many that were.
    @discardableResult
    @inline(__always)
    func wakeAll(in section: Section = .ofOneThread) -> Int { takeAll(in: section) { _ in } }

    /// Hands `value` to all that want one, in the order they came, and returns how many they were.
    @discardableResult
    @inline(__always)
    func wakeAll<Value>(with value: Value, in section: Section = .ofOneThread) -> Int {
        takeAll(in: section) { $0.slot?.store(value) }
    }

    /// Wakes all, in the order they came, without touching what their slots hold.
    func wakeAllWithoutSlots(in section: Section) { takeAll(in: section) { $0.slot = nil } }

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
    private func takeAll(in section: Section, _ body: (FiberRecord) -> Void) -> Int {
        var count = 0
        while takeFirst(in: section, body) { count += 1 }
        return count
    }

    /// Wakes the fiber that waits longest, after `body` had it.
    @inline(__always)
    private func takeFirst(in section: Section, _ body: (FiberRecord) -> Void) -> Bool {
        guard let fiber = first else { return false }
        body(fiber)
        fibers_list_remove(&fiber.pointer.pointee.link)
        section.wake(fiber)
        return true
    }
}
