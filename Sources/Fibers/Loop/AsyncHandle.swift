// SPDX-License-Identifier: MIT
import CFibers

/// The one libuv handle that other threads may touch, through `send` only.
final class AsyncHandle: LoopHandle {
    private let didSend: () -> Void
    /// Called before the handle closes, whoever closes it.
    var willClose: () -> Void = {}

    /// - Parameter didSend: Called in the loop fiber: it may store and wake, nothing else.
    init(didSend: @escaping () -> Void) throws(IOError) {
        self.didSend = didSend
        super.init(loop: .current)
        try open("make wake-up") { loop, owner, code in
            fibers_async_create(loop, owner, asyncWasSent, &code)
        }
    }

    /// A way to send that holds no reference to this object. Valid until the handle is closed.
    var sender: OpaquePointer? { handle }

    /// May be called from any thread.
    static func send(_ sender: OpaquePointer) { fibers_async_send(sender) }

    override func close() {
        guard !isClosed else { return }
        willClose()
        super.close()
    }

    fileprivate func wasSent() { didSend() }
}

private func asyncWasSent(_ owner: UnsafeMutableRawPointer?) {
    Unmanaged<AsyncHandle>.fromOpaque(owner.unsafelyUnwrapped).takeUnretainedValue().wasSent()
}
