// SPDX-License-Identifier: MIT
import CFibers

/// Something that one fiber waits for while libuv's thread pool does it. Keeps itself alive until libuv has called back, so
/// that a fiber that was interrupted leaves at once and the late result is dropped.
///
/// Belongs to the loop's thread, but for `work()`. libuv's locks put that after `run` has started it and before `didEnd`, so
/// the last reference never goes away on a thread of the pool.
class PoolRequest {
    /// Null before the request begins and after it has ended.
    private(set) var request: OpaquePointer?
    private let waiters = WaitQueue()

    deinit { waiters.destroy() }

    /// Parks the calling fiber until the request has ended. If interrupted before, it does not even begin.
    ///
    /// - Parameter start: Given the loop, the pointer that callbacks get back, and room for a code.
    final func run(
        _ operation: String, _ subject: String? = nil, for reason: WaitReason,
        start: (OpaquePointer?, UnsafeMutableRawPointer, inout CInt) -> OpaquePointer?
    ) throws {
        let fiber = Scheduler.current.current
        guard fiber.interruption.isEmpty else { throw fiber.refusePark() }
        var code: CInt = 0
        let owner = Unmanaged.passRetained(self)
        request = start(Loop.current.uv, owner.toOpaque(), &code)
        guard request != nil else {
            owner.release()
            throw IOError(operation: operation, subject: subject, code: code)
        }
        do { try waiters.wait(for: reason) } catch {
            if let request { fibers_request_cancel(request) }
            throw error
        }
    }

    /// Parks the calling fiber until a request that it was interrupted in has ended. What interrupts this wait is kept for
    /// the fiber's next park.
    final func waitForEnd(for reason: WaitReason) {
        var interruption: (any Error)?
        while request != nil {
            do {
                try Fiber.shield { try waiters.wait(for: reason) }
            } catch {
                interruption = error
            }
        }
        if let interruption { Scheduler.current.current.keepInterruption(interruption) }
    }

    /// Does what is to be done, on a thread of the pool.
    func work() {}

    /// Wakes who waits. Called in the loop fiber: may store and wake, nothing else.
    func didEnd(status: CInt) {
        request = nil
        waiters.wakeAll()
    }
}

func requestDidEnd(_ owner: UnsafeMutableRawPointer?, _ status: CInt) {
    Unmanaged<PoolRequest>.fromOpaque(owner.unsafelyUnwrapped).takeRetainedValue().didEnd(status: status)
}
