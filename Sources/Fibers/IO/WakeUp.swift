// SPDX-License-Identifier: MIT

/// A signal into a loop from any thread: the callback thread of a C library, a Dispatch queue (Julia's
/// `AsyncCondition`).
///
/// Several sends before the loop looks merge into one. One that comes when nobody waits is remembered.
///
/// `@unchecked Sendable`: ``send()`` and `deinit` touch nothing but the note, which is made for that and never replaced;
/// everything else belongs to the thread that made the object, as for any other object of a loop.
public final class WakeUp: @unchecked Sendable {
    /// What belongs to the loop. Kept by the note as well, which may arrive when nobody has the object any more.
    private final class State {
        let waiters = WaitQueue()
        var wasSent = false
        var isClosed = false

        deinit { waiters.destroy() }

        func didSend() {
            wasSent = true
            waiters.wakeFirst()
        }
    }

    private let state: State
    private let note: Note

    /// Makes a signal into the loop of the calling fiber.
    public init() {
        let state = State()
        self.state = state
        note = Note(for: .current) { state.didSend() }
    }

    /// Wakes whoever waits, or the next that will. May be called from any thread, and never blocks: it costs a system
    /// call only if the loop's thread sleeps. Does nothing once the object is closed or its loop has ended.
    public func send() { note.send() }

    /// Parks the calling fiber until somebody sends; returns at once if somebody has since the last wait.
    ///
    /// - Throws: ``ClosedError`` if ``close()`` is called, before or meanwhile; `CancellationError` if the fiber is
    ///   cancelled.
    @available(*, noasync)
    public func wait() throws { try wait(for: .wakeUp) }

    func wait(for reason: WaitReason) throws {
        while !state.wasSent {
            guard !state.isClosed, !note.isUndeliverable else { throw ClosedError(subject: "wake-up") }
            try state.waiters.wait(for: reason)
        }
        state.wasSent = false
    }

    /// Takes no more sends. Fibers that wait get ``ClosedError``. Call it on the thread that made the object.
    public func close() {
        state.isClosed = true
        state.waiters.interruptAll(throwing: ClosedError(subject: "wake-up"))
    }
}
