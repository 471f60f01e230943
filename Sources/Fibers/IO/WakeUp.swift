// SPDX-License-Identifier: MIT

/// A signal into a loop from any thread: the callback thread of a C library, a Dispatch queue (Julia's
/// `AsyncCondition`).
///
/// Several sends before the loop looks merge into one. One that comes when nobody waits is remembered.
///
/// `@unchecked Sendable`: ``send()`` and `deinit` touch nothing but the handle, which is made for that and never replaced;
/// everything else belongs to the thread that made the object, as for any other object of a loop.
public final class WakeUp: @unchecked Sendable {
    private let waiters = WaitQueue()
    private var wasSent = false
    private var handle: AsyncHandle?

    /// - Throws: ``IOError`` if the system refuses.
    public init() throws {
        handle = try AsyncHandle { [weak self] in self?.didSend() }
    }

    /// On whatever thread dropped the last reference. Nobody waits, because waiting keeps the object alive.
    deinit {
        handle?.abandon()
        waiters.destroy()
    }

    /// Wakes whoever waits, or the next that will. May be called from any thread, and never blocks for long. Does nothing
    /// once the object is closed or its loop has ended.
    public func send() { handle?.send() }

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
