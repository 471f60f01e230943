// SPDX-License-Identifier: MIT

/// Something that fibers wait for and others announce (Julia's `Condition`, rows C1, C2, W3, W4).
///
/// Edge-triggered: only fibers that wait at the moment of a notification are woken, and nothing is remembered. So what is
/// waited for is best kept in a variable, and waited for in a loop:
///
/// ```swift
/// while items.isEmpty { try itemsChanged.wait() }
/// ```
///
/// For fibers of one thread; the type is not `Sendable`. ``Threads/Condition`` is for several.
public final class Condition<Message>: CustomStringConvertible {
    private let waiters = WaitQueue()
    private let name: String?

    /// - Parameter name: Shown in reports of what a fiber waits for.
    public init(name: String? = nil) { self.name = name }

    deinit { waiters.destroy() }

    /// Whether nobody waits.
    public var isEmpty: Bool { waiters.isEmpty }

    /// Parks the calling fiber until the condition is notified; returns the message.
    ///
    /// - Parameter first: Joins the head of the queue instead of its tail, so that the next notification finds this
    ///   fiber first.
    /// - Throws: The error of ``notify(throwing:)``; `CancellationError` if the fiber is cancelled; ``DeadlockError`` if
    ///   it is the root fiber and nothing can ever run again. A message that was given to the fiber is never lost: an
    ///   interruption that comes later is thrown by the next park.
    @available(*, noasync)
    @discardableResult
    public func wait(first: Bool = false) throws -> Message {
        try waiters.wait(for: .condition, subject: self, at: first ? .first : .last)
    }

    /// Wakes everybody who waits, in the order they came; never runs them.
    ///
    /// - Returns: How many were woken.
    /// - Complexity: O(*n*) for *n* waiting fibers.
    @discardableResult
    public func notify(_ message: Message) -> Int { waiters.wakeAll(with: message) }

    /// Wakes whoever waits longest; never runs it.
    ///
    /// - Returns: How many were woken: 1, or 0 if nobody waits.
    @discardableResult
    public func notifyOne(_ message: Message) -> Int { waiters.wakeFirst(with: message) ? 1 : 0 }

    /// Throws `error` out of every wait, in the order they came.
    ///
    /// - Returns: How many were woken.
    /// - Complexity: O(*n*) for *n* waiting fibers.
    @discardableResult
    public func notify(throwing error: any Error) -> Int { waiters.interruptAll(throwing: error) }

    /// Throws `error` out of the longest wait.
    ///
    /// - Returns: How many were woken: 1, or 0 if nobody waits.
    @discardableResult
    public func notifyOne(throwing error: any Error) -> Int { waiters.interruptFirst(throwing: error) ? 1 : 0 }

    /// The type and the name.
    public var description: String { "Condition<\(Message.self)>" + (name.map { " \"\($0)\"" } ?? "") }
}

// A message that says nothing need not be carried. Who waits by the general form finds it in an empty slot.
extension Condition where Message == Void {
    /// Parks the calling fiber until the condition is notified; see ``wait(first:)``.
    @available(*, noasync)
    public func wait(first: Bool = false) throws {
        try waiters.wait(for: .condition, subject: self, at: first ? .first : .last)
    }

    /// Wakes everybody who waits; see ``notify(_:)``.
    @discardableResult
    public func notify() -> Int { waiters.wakeAll() }

    /// Wakes whoever waits longest; see ``notifyOne(_:)``.
    @discardableResult
    public func notifyOne() -> Int { waiters.wakeFirst() ? 1 : 0 }
}
