// SPDX-License-Identifier: MIT

/// Something that happens once and stays so: a flag that fibers wait for (Julia's `Event`, rows EV1–EV4).
///
/// Level-triggered, unlike ``Condition``: a notification is remembered, so it does not matter who comes first.
///
/// ```swift
/// let isReady = Event(name: "ready")
/// Fiber.spawn { try connect(); isReady.notify() }
/// try isReady.wait()
/// ```
///
/// With `autoReset`, each notification lets one wait through. One that comes when nobody waits is kept for the next
/// wait; at most one is kept.
///
/// Fibers of all threads may share one. What happened before a notification is seen by whoever it lets through. A thread that
/// has no event loop may notify as well, but the deadlock report does not know of it: ``WakeUp`` is for that.
///
/// `@unchecked Sendable`: the flag is changed in sections only; while it is set, nobody waits.
public final class Event: CustomStringConvertible, Shared, @unchecked Sendable {
    let queues = SharedQueues()
    private var waiters: WaitQueue { queues[0] }
    private let autoReset: Bool
    private let name: String?

    /// Makes an event that is not set.
    ///
    /// - Parameters:
    ///   - autoReset: Each notification lets one wait through only, and the wait resets the event.
    ///   - name: Shown in reports of what a fiber waits for.
    public init(autoReset: Bool = false, name: String? = nil) {
        self.autoReset = autoReset
        self.name = name
    }

    deinit { queues.destroy() }

    /// Whether the next ``wait()`` returns at once.
    public var isSet: Bool { queues.flag }

    /// Parks the calling fiber until the event is set; returns at once if it is.
    ///
    /// A fiber that was let through returns even if ``reset()`` is called before it runs.
    ///
    /// - Throws: `CancellationError` if the fiber is cancelled while it is parked; ``TimeoutError`` if its time is
    ///   over; what is given to `schedule(throwing:)`; ``DeadlockError`` if it is the root fiber and nothing can ever
    ///   run again. A fiber that was let through before returns all the same: the interruption is thrown by its next
    ///   park. Whoever leaves takes no notification along.
    /// - Complexity: O(1), no allocation.
    @available(*, noasync)
    public func wait() throws {
        let section = queues.enter()
        guard isSet else { return try waiters.wait(for: .event, subject: self, leaving: section) }
        if autoReset { queues.flag = false }
        section.leave()
    }

    /// Sets the event and wakes everybody who waits, in the order they came; with `autoReset`, lets whoever waits longest
    /// through, or else the next that will wait. Never runs them. Does nothing if the event is set already.
    ///
    /// - Complexity: O(*n*) for *n* waiting fibers; O(1) with `autoReset`. No allocation.
    public func notify() {
        queues.inSection { section in
            if autoReset {
                queues.flag = queues.flag || !waiters.wakeFirst(in: section)
            } else {
                queues.flag = true
                waiters.wakeAll(in: section)
            }
        }
    }

    /// Makes later waits park again. Those who were woken before still return.
    public func reset() { queues.inSection { _ in queues.flag = false } }

    /// The type, the name and whether the event is set.
    public var description: String { "Event" + (name.map { " \"\($0)\"" } ?? "") + (isSet ? " (set)" : " (not set)") }
}
