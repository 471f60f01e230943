// SPDX-License-Identifier: MIT

extension Threads {
    /// Something that fibers of several threads wait for and announce, together with the lock of what it is about (Julia's
    /// `Threads.Condition`, rows C3 and W5).
    ///
    /// ```swift
    /// try itemsChanged.withLock {
    ///     while items.isEmpty { try itemsChanged.wait() }   // without the lock while it waits, with it after
    ///     take(items.removeFirst())
    /// }
    /// ```
    ///
    /// Edge-triggered, as ``Fibers/Condition``: a notification is for those who wait at that moment. It cannot be missed,
    /// because whoever waits or notifies holds the lock, and a wait lets it go in the same step in which it joins the queue.
    ///
    /// `@unchecked Sendable`: the queue is accessed in sections only, messages by whoever is given them.
    public final class Condition<Message: Sendable>: CustomStringConvertible, Shared, @unchecked Sendable {
        /// What comes out of a wait.
        private typealias Outcome = Result<Message, any Error>

        /// Guards what the condition is about. Several conditions may share one.
        public let lock: ReentrantLock
        let queues = SharedQueues()
        private var waiters: WaitQueue { queues[0] }
        private let name: String?

        /// - Parameters:
        ///   - lock: What waits and notifications need; a lock of its own if none is given.
        ///   - name: Shown in reports of what a fiber waits for.
        public init(lock: ReentrantLock = ReentrantLock(), name: String? = nil) {
            self.lock = lock
            self.name = name
        }

        deinit { queues.destroy() }

        /// Whether nobody waits.
        public var isEmpty: Bool { queues.inSection { _ in waiters.isEmpty } }

        /// Runs `body` with the lock: see ``ReentrantLock/withLock(_:)``, also for what this throws.
        @available(*, noasync)
        public func withLock<Result>(_ body: () throws -> Result) throws -> Result { try lock.withLock(body) }

        /// Unlocks the lock, however often the calling fiber holds it, parks the fiber until the condition is notified, and
        /// takes the lock as often again before it returns or throws.
        ///
        /// - Parameter first: Joins the head of the queue instead of its tail, so that the next notification finds this
        ///   fiber first.
        /// - Returns: The message.
        /// - Throws: ``ConcurrencyViolationError`` if the calling fiber does not hold the lock; the error of
        ///   ``notify(throwing:)``; `CancellationError` if the fiber is cancelled, ``TimeoutError`` if its time is over;
        ///   ``DeadlockError`` if it is the root fiber and nothing can ever run again. The fiber has the lock again then,
        ///   too: it waits for it whatever is thrown into it meanwhile, which comes out of its next park. A message that
        ///   was given to the fiber is never lost.
        @available(*, noasync)
        @discardableResult
        public func wait(first: Bool = false) throws -> Message {
            let depth = lock.heldDepth
            guard depth > 0 else { throw ConcurrencyViolationError("lock must be held: \(self)") }
            let scheduler = Scheduler.current
            let slot = scheduler.takeSlot()
            defer { scheduler.giveBack(slot) }
            defer { lock.relock(depth) }
            try waiters.wait(
                for: .sharedCondition, subject: self, at: first ? .first : .last, slot: slot,
                leaving: queues.enter(), beforeLeaving: lock.unlockAll)
            return try slot.take(as: Outcome.self).get()
        }

        /// Wakes everybody who waits, in the order they came; never runs them, and they go on only when they have the lock.
        ///
        /// - Returns: How many were woken.
        /// - Precondition: The calling fiber holds the lock.
        /// - Complexity: O(*n*) for *n* waiting fibers.
        @discardableResult
        public func notify(_ message: Message) -> Int { wakeAll(with: .success(message)) }

        /// Wakes whoever waits longest; see ``notify(_:)``.
        ///
        /// - Returns: How many were woken: 1, or 0 if nobody waits.
        /// - Precondition: The calling fiber holds the lock.
        @discardableResult
        public func notifyOne(_ message: Message) -> Int { wakeFirst(with: .success(message)) }

        /// Throws `error` out of every wait, in the order they came; see ``notify(_:)``.
        ///
        /// - Returns: How many were woken.
        /// - Precondition: The calling fiber holds the lock.
        /// - Complexity: O(*n*) for *n* waiting fibers.
        @discardableResult
        public func notify(throwing error: any Error) -> Int { wakeAll(with: .failure(error)) }

        /// Throws `error` out of the longest wait; see ``notify(_:)``.
        ///
        /// - Returns: How many were woken: 1, or 0 if nobody waits.
        /// - Precondition: The calling fiber holds the lock.
        @discardableResult
        public func notifyOne(throwing error: any Error) -> Int { wakeFirst(with: .failure(error)) }

        /// The type and the name.
        public var description: String {
            "Threads.Condition<\(Message.self)>" + (name.map { " \"\($0)\"" } ?? "")
        }

        private func wakeAll(with outcome: Outcome) -> Int {
            requireLock()
            return queues.inSection { waiters.wakeAll(with: outcome, in: $0) }
        }

        private func wakeFirst(with outcome: Outcome) -> Int {
            requireLock()
            return queues.inSection { waiters.wakeFirst(with: outcome, in: $0) ? 1 : 0 }
        }

        private func requireLock() { require(lock.heldDepth > 0, "lock must be held: \(self)") }
    }
}

// A message that says nothing need not be written.
extension Threads.Condition where Message == Void {
    /// Wakes everybody who waits; see ``notify(_:)``.
    @discardableResult
    public func notify() -> Int { notify(()) }

    /// Wakes whoever waits longest; see ``notifyOne(_:)``.
    @discardableResult
    public func notifyOne() -> Int { notifyOne(()) }
}
