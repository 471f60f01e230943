// SPDX-License-Identifier: MIT
import CFibers

/// Closed until some thread opens it, then open for good. Who waits blocks its thread: for the beginning and the end of
/// threads only.
///
/// `@unchecked Sendable`: the pointer never changes, and what it points to is made for any thread.
final class Latch: @unchecked Sendable {
    private let latch: OpaquePointer

    init() {
        guard let latch = fibers_latch_create() else { fatalError("out of memory: cannot make a latch") }
        self.latch = latch
    }

    deinit { fibers_latch_destroy(latch) }

    func open() { fibers_latch_open(latch) }

    /// Blocks the calling thread until the latch is open, or until `deadline`. Returns whether it is open.
    @discardableResult
    func wait(until deadline: LoopClock.Instant? = nil) -> Bool {
        fibers_latch_wait(latch, deadline?.nanoseconds ?? .max)
    }
}
