// SPDX-License-Identifier: MIT
import Synchronization

/// A signal into a loop from any thread: the callback thread of a C library, a Dispatch queue (Julia's
/// `AsyncCondition`).
///
/// Several sends before the loop looks merge into one. One that comes when nobody waits is remembered.
///
/// `@unchecked Sendable`: ``send()`` touches nothing but `sender`, which a lock guards; everything else belongs to the
/// thread that made the object, as for any other object of a loop.
public final class WakeUp: @unchecked Sendable {
    private let waiters = WaitQueue()
    private var wasSent = false
    private var handle: AsyncHandle?
    /// Cleared before the handle closes, so that no send comes after. Held while sending.
    private let sender: Mutex<Sender>

    private struct Sender: @unchecked Sendable {
        /// A libuv handle that may be sent to from any thread until it is closed.
        var handle: OpaquePointer?
    }

    /// - Throws: ``IOError`` if the system refuses.
    public init() throws {
        sender = Mutex(Sender())
        let handle = try AsyncHandle { [unowned self] in didSend() }
        self.handle = handle
        handle.willClose = { [unowned self] in sender.withLock { $0.handle = nil } }
        let address = Sender(handle: handle.sender)
        sender.withLock { $0 = address }
    }

    deinit {
        // A closure must not take a reference to an object that is going away.
        handle?.willClose = {}
        sender.withLock { $0.handle = nil }
        close()
        waiters.destroy()
    }

    /// Wakes whoever waits, or the next that will. May be called from any thread, and never blocks for long. Does nothing
    /// once the object is closed or its loop has ended.
    public func send() {
        sender.withLock { sender in
            if let handle = sender.handle { AsyncHandle.send(handle) }
        }
    }

    /// Parks the calling fiber until somebody sends; returns at once if somebody has since the last wait.
    ///
    /// - Throws: ``ClosedError`` if ``close()`` is called, before or meanwhile; `CancellationError` if the fiber is
    ///   cancelled.
    @available(*, noasync)
    public func wait() throws {
        while !wasSent {
            guard handle?.isClosed == false else { throw ClosedError(subject: "wake-up") }
            try waiters.wait(for: .wakeUp)
        }
        wasSent = false
    }

    /// Takes no more sends. Fibers that wait get ``ClosedError``. Call it on the thread that made the object.
    public func close() {
        handle?.close()
        waiters.interruptAll(throwing: ClosedError(subject: "wake-up"))
    }

    private func didSend() {
        wasSent = true
        waiters.wakeFirst()
    }
}
