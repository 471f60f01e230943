// SPDX-License-Identifier: MIT
import CFibers

/// A value that any thread may use, one at a time. Held for a few instructions only; nothing parks meanwhile.
///
/// `@unchecked Sendable`: the value is reached with the lock only.
final class Locked<Value>: @unchecked Sendable {
    private let lock: OpaquePointer
    /// The lock orders the accesses, hence no exclusivity checks.
    @exclusivity(unchecked) private var value: Value

    init(_ value: Value) {
        guard let lock = fibers_lock_create() else { fatalError("out of memory: cannot make a lock") }
        self.lock = lock
        self.value = value
    }

    deinit { fibers_lock_destroy(lock) }

    func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        fibers_lock_lock(lock)
        defer { fibers_lock_unlock(lock) }
        return try body(&value)
    }
}
