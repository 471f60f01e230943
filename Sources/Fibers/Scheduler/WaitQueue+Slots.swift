// SPDX-License-Identifier: MIT
import CFibers

// For those who exchange values through slots of their own, in either direction.

extension WaitQueue {
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

    /// The slot of the fiber that waits longest, and goes on waiting. Somebody waits.
    func slotOfFirst<Value>(as type: Value.Type) -> UnsafeMutablePointer<Value> {
        let slot = fibers_waiter_of(list.pointee.next).pointee.slot
        return slot.unsafelyUnwrapped.assumingMemoryBound(to: type)
    }

    /// Wakes the fiber that waits longest, with what the caller then does to its slot: fills it, or moves its value out.
    /// That must be done before anything parks: waking never runs. Somebody waits.
    @inline(__always)
    func wakeFirst<Value>(withSlotOf type: Value.Type) -> UnsafeMutablePointer<Value> {
        let waiter = takeFirst().unsafelyUnwrapped
        WaitQueue.wake(waiter)
        return waiter.pointee.slot.unsafelyUnwrapped.assumingMemoryBound(to: type)
    }

    /// Wakes all, in the order they came, without touching their slots.
    func wakeAllWithoutSlots() {
        takeAll { waiter in
            waiter.pointee.slot = nil
            WaitQueue.wake(waiter)
        }
    }
}
