// SPDX-License-Identifier: MIT
import CFibers

/// What any thread may leave for a loop, again and again; several before the loop looks are one.
///
/// `@unchecked Sendable`: `send` touches nothing but the note and the inbox, which are made for any thread; `didArrive` is
/// called on the thread of the loop only.
final class Note: @unchecked Sendable {
    private let note: UnsafeMutablePointer<fibers_note>
    private let inbox: OpaquePointer
    private let didArrive: () -> Void

    /// - Parameter didArrive: Called in the loop fiber: it may store and wake, nothing else.
    init(for loop: Loop, didArrive: @escaping () -> Void) {
        self.didArrive = didArrive
        inbox = loop.inbox
        fibers_inbox_retain(inbox)
        note = .allocate(capacity: 1)
        note.initialize(to: fibers_note())
        note.pointee.owner = Unmanaged.passUnretained(self).toOpaque()
        note.pointee.message.deliver = noteArrived
    }

    deinit {
        note.deallocate()
        fibers_inbox_release(inbox)
    }

    /// Whether the loop has ended, so that nothing arrives any more.
    var isUndeliverable: Bool { fibers_inbox_is_closed(inbox) }

    /// May be called from any thread. The note is kept alive until it has arrived.
    func send() {
        guard fibers_note_claim(note) else { return }
        let kept = Unmanaged.passRetained(self)
        if !fibers_inbox_send(inbox, &note.pointee.message) { kept.release() }
    }

    fileprivate func arrived() {
        fibers_note_reset(note)
        didArrive()
    }
}

private func noteArrived(_ message: UnsafeMutablePointer<fibers_message>?) {
    guard let owner = fibers_note_of(message).pointee.owner else { return }
    Unmanaged<Note>.fromOpaque(owner).takeRetainedValue().arrived()
}
