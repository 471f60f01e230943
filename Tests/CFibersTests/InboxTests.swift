// SPDX-License-Identifier: MIT
import CFibers
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

private func systemPoll(_ descriptor: UnsafeMutablePointer<pollfd>) -> CInt { poll(descriptor, 1, 0) }

@Suite struct InboxTests {
    /// What has been delivered, by the thread that owns the inbox.
    private final class Deliveries {
        var numbers: [Int] = []
    }

    private struct Letter {
        var note: fibers_note
        let number: Int
        let deliveries: Unmanaged<Deliveries>
    }

    private func withInbox(_ body: (OpaquePointer) throws -> Void) throws {
        var error: CInt = 0
        let inbox = try #require(fibers_inbox_create(&error))
        defer { fibers_inbox_release(inbox) }
        try body(inbox)
    }

    private func makeLetter(_ number: Int, for deliveries: Deliveries) -> UnsafeMutablePointer<Letter> {
        let letter = UnsafeMutablePointer<Letter>.allocate(capacity: 1)
        var note = fibers_note()
        note.message.deliver = { message in
            let letter = UnsafeMutableRawPointer(message.unsafelyUnwrapped).assumingMemoryBound(to: Letter.self)
            letter.pointee.deliveries.takeUnretainedValue().numbers.append(letter.pointee.number)
        }
        letter.initialize(to: Letter(note: note, number: number, deliveries: .passUnretained(deliveries)))
        return letter
    }

    private func isReadable(_ inbox: OpaquePointer) -> Bool {
        var descriptor = pollfd(fd: fibers_inbox_descriptor(inbox), events: Int16(POLLIN), revents: 0)
        return withUnsafeMutablePointer(to: &descriptor) { systemPoll($0) } == 1
    }

    @Test func `messages are delivered in the order of sending, once`() throws {
        try withInbox { inbox in
            let deliveries = Deliveries()
            let letters = (0..<5).map { makeLetter($0, for: deliveries) }
            for letter in letters { #expect(fibers_inbox_send(inbox, &letter.pointee.note.message)) }
            fibers_inbox_deliver(inbox)
            fibers_inbox_deliver(inbox)
            #expect(deliveries.numbers == [0, 1, 2, 3, 4])
            for letter in letters { letter.deallocate() }
        }
    }

    @Test func `a sender wakes whoever sleeps, once for each sleep`() throws {
        try withInbox { inbox in
            let deliveries = Deliveries()
            let letters = (0..<3).map { makeLetter($0, for: deliveries) }
            _ = fibers_inbox_send(inbox, &letters[0].pointee.note.message)
            #expect(!isReadable(inbox))
            #expect(!fibers_inbox_fall_asleep(inbox))
            fibers_inbox_deliver(inbox)
            #expect(fibers_inbox_fall_asleep(inbox))
            _ = fibers_inbox_send(inbox, &letters[1].pointee.note.message)
            #expect(isReadable(inbox))
            fibers_inbox_clear(inbox)
            _ = fibers_inbox_send(inbox, &letters[2].pointee.note.message)
            #expect(!isReadable(inbox))
            fibers_inbox_deliver(inbox)
            for letter in letters { letter.deallocate() }
        }
    }

    @Test func `a closed inbox delivers what has arrived and takes no more`() throws {
        try withInbox { inbox in
            let deliveries = Deliveries()
            let letters = (0..<2).map { makeLetter($0, for: deliveries) }
            _ = fibers_inbox_send(inbox, &letters[0].pointee.note.message)
            fibers_inbox_close(inbox)
            #expect(fibers_inbox_is_closed(inbox))
            #expect(!fibers_inbox_send(inbox, &letters[1].pointee.note.message))
            #expect(deliveries.numbers == [0])
            for letter in letters { letter.deallocate() }
        }
    }

    @Test func `a note is claimed by one sender until it is reset`() {
        var note = fibers_note()
        #expect(fibers_note_claim(&note) && !fibers_note_claim(&note))
        fibers_note_reset(&note)
        #expect(fibers_note_claim(&note))
    }
}
