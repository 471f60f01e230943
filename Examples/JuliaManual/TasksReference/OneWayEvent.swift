// SPDX-License-Identifier: MIT
// API page, "Low-level synchronization": a primitive made from nothing but parking, scheduling and an atomic state.

import Fibers
import Synchronization

/// One task waits, once, for one other to notify it.
///
/// Whoever schedules a parked task must know where it is parked. Here the state says so: only the change from waiting
/// to notifying gives the right to schedule, unless the task was interrupted meanwhile. ``Event`` is for all other cases.
private final class OneWayEvent {
    private enum State: UInt8, AtomicRepresentable {
        case empty
        case waiting
        case notifying
    }

    private let state = Atomic<State>(.empty)
    private var task: AnyFiber?

    func notify() {
        var current = state.load(ordering: .acquiring)
        while current != .notifying {
            let (isExchanged, original) = state.compareExchange(
                expected: current, desired: .notifying, ordering: .acquiringAndReleasing)
            if isExchanged { return wakeWaiter(after: original) }
            current = original
        }
    }

    /// A task that was waiting is parked. If the state was empty, it has not come yet, and will not park.
    private func wakeWaiter(after state: State) {
        if state == .waiting { task?.scheduleIfParked() } else { assert(state == .empty) }
    }

    func wait() throws {
        task = Fiber.current
        let (isExchanged, original) = state.compareExchange(
            expected: .empty, desired: .waiting, ordering: .acquiringAndReleasing)
        if isExchanged {
            try Fiber.park()  // at once: nothing in between may park
        } else {
            assert(original == .notifying)
        }
    }
}

/// The page's demonstration. The notifier is first here, so the waiter does not park.
func notifyOneWayEvent() throws {
    let event = OneWayEvent()
    try withFiberGroup { group in
        group.spawn {
            try event.wait()
            print("done")
        }
        print("notifying...")
        event.notify()
    }
}

/// The other order: the waiter is parked when it is notified.
func waitForOneWayEvent() throws {
    let event = OneWayEvent()
    try withFiberGroup { group in
        group.spawn {
            print("waiting...")
            try event.wait()
            print("done")
        }
        try Fiber.yield()
        print("notifying...")
        event.notify()
    }
}
