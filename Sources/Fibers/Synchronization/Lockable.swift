// SPDX-License-Identifier: MIT

/// A value that can be reached only with its lock (Julia's `Lockable`, rows LK8 and LK9).
///
/// ```swift
/// let cache = Lockable<[String: Page]>([:])
/// let page = try cache.withLock { pages in
///     if let page = pages[name] { return page }
///     let page = try load(name)  // may park: the others wait for the lock
///     pages[name] = page
///     return page
/// }
/// ```
///
/// What is an error in Julia, to reach the value without the lock, cannot be written here. The body may park while it has
/// the value: nobody else can touch it meanwhile, because the one way to it is the lock.
///
/// Fibers of all threads may share one whose value is `Sendable`.
public final class Lockable<Value>: CustomStringConvertible {
    /// Guards the value. May be shared with others, and taken around several accesses.
    public let lock: ReentrantLock
    /// Accessed by `lend` only, once at a time. Checked there and not by the runtime, whose record of accesses would have
    /// to keep this one while the fiber is parked.
    @exclusivity(unchecked) private var value: Value
    @exclusivity(unchecked) private var isLent = false

    /// - Parameters:
    ///   - value: The value.
    ///   - lock: Guards it; a lock of its own if none is given.
    public init(_ value: Value, lock: ReentrantLock = ReentrantLock()) {
        self.value = value
        self.lock = lock
    }

    /// Runs `body` with the value for modification and with the lock, which is unlocked when it returns or throws. The
    /// changes made before a throw stay.
    ///
    /// Parks the calling fiber until it has the lock, as ``ReentrantLock/lock()`` does.
    ///
    /// - Returns: What `body` returns.
    /// - Throws: What ``ReentrantLock/lock()`` throws, then `body` has not run; what `body` throws;
    ///   ``ConcurrencyViolationError`` if the body of another call has the value, as it has where calls are nested: two
    ///   cannot modify one value.
    @available(*, noasync)
    public func withLock<Result>(_ body: (inout Value) throws -> Result) throws -> Result {
        try lock.withLock {
            guard !isLent else { throw ConcurrencyViolationError(useSentence) }
            return try lend(to: body)
        }
    }

    /// As ``withLock(_:)`` if the lock can be had without parking.
    ///
    /// - Returns: What `body` returns; `nil` if another fiber holds the lock, then `body` has not run.
    /// - Throws: What `body` throws.
    /// - Precondition: The body of no other call has the value.
    public func withLockIfAvailable<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result? {
        try lock.withLockIfAvailable {
            require(!isLent, useSentence)
            return try lend(to: body)
        }
    }

    /// The type and the lock.
    public var description: String { "Lockable<\(Value.self)> with \(lock)" }

    private var useSentence: String { "the value is in use by the body of another withLock: \(self)" }

    private func lend<Result>(to body: (inout Value) throws -> Result) rethrows -> Result {
        isLent = true
        defer { isLent = false }
        return try body(&value)
    }
}

/// `@unchecked`: the value and what says that it is lent are accessed with the lock only.
extension Lockable: @unchecked Sendable where Value: Sendable {}
