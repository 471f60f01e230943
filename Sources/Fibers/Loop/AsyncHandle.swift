// SPDX-License-Identifier: MIT
import CFibers
import Synchronization

/// The one libuv handle that other threads may touch, through `send` and `abandon` only. Keeps itself alive until it is
/// closed, so that the last reference of others may go away on any thread.
///
/// `@unchecked Sendable`: those two touch nothing but `target`, which a lock guards; everything else belongs to the thread
/// of the loop.
final class AsyncHandle: LoopHandle, @unchecked Sendable {
    private let didSend: () -> Void
    private let target = Mutex(Target())

    private struct Target: @unchecked Sendable {
        /// May be sent to from any thread; cleared before the handle closes, so that no send comes after.
        var handle: OpaquePointer?
        /// Nobody will send again: the loop is to close the handle.
        var isAbandoned = false
    }

    /// - Parameter didSend: Called in the loop fiber: it may store and wake, nothing else.
    init(didSend: @escaping () -> Void) throws(IOError) {
        self.didSend = didSend
        super.init(loop: .current)
        try open("make wake-up") { loop, owner, code in
            fibers_async_create(loop, owner, asyncWasSent, &code)
        }
        let opened = Target(handle: handle)
        target.withLock { $0 = opened }
        _ = Unmanaged.passRetained(self)
    }

    /// May be called from any thread. Does nothing once the handle is closed.
    func send() {
        target.withLock { if let handle = $0.handle { fibers_async_send(handle) } }
    }

    /// Lets the loop close the handle. May be called from any thread.
    func abandon() {
        target.withLock {
            $0.isAbandoned = true
            if let handle = $0.handle { fibers_async_send(handle) }
        }
    }

    override func close() {
        guard !isClosed else { return }
        target.withLock { $0.handle = nil }
        super.close()
        Unmanaged.passUnretained(self).release()
    }

    fileprivate func wasSent() {
        if target.withLock({ $0.isAbandoned }) { close() } else { didSend() }
    }
}

private func asyncWasSent(_ owner: UnsafeMutableRawPointer?) {
    Unmanaged<AsyncHandle>.fromOpaque(owner.unsafelyUnwrapped).takeUnretainedValue().wasSent()
}
