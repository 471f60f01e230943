// SPDX-License-Identifier: MIT
import Fibers

/// The one way in which encrypted bytes leave. What OpenSSL has encrypted must leave, in order and only once, whatever
/// becomes of the fiber whose bytes they are: so they are kept here until the transport has taken them.
///
/// Who reads never waits for bytes to leave, though it may have made some, such as an answer to a change of keys: if
/// both sides did, while the transport is full in both directions, none would ever go on.
final class Outbox {
    let transport: any ByteStream
    private let session: Session
    /// Whole writes never interleave.
    let turns = Turns()
    /// Whose bytes are being written.
    private var writer: AnyFiber?
    /// Sends what its maker could not.
    private var sender: Fiber<Void>?
    /// Behind what is there comes the last that this side says.
    private var isEnding = false
    private var hasEnded = false
    /// Bytes that readers have made, and that they may leave behind. Beyond, they wait.
    private static let patience = 65_536

    init(_ transport: any ByteStream, _ session: Session) {
        self.transport = transport
        self.session = session
    }

    private var isEmpty: Bool { session.outputCount == 0 && (hasEnded || !isEnding) }

    /// Sends all that there is. Parks the calling fiber, whose turn it must be, until the transport has taken it. If
    /// this throws, the rest stays.
    func send() throws {
        while true {
            if let bytes = session.output {
                try send(bytes)
            } else if isEnding, !hasEnded {
                hasEnded = true
                session.end()
            } else {
                return
            }
        }
    }

    private func send(_ bytes: UnsafeRawBufferPointer) throws {
        do {
            try transport.write(bytes)
            session.didSend(bytes.count)
        } catch let error as PartialWriteError {
            session.didSend(error.bytesWritten)
            throw error.cause
        }
    }

    /// Sends what the transport takes at once, and lets a fiber of its own send the rest. Never parks. Whose turn it is
    /// sends all, or comes here itself.
    func sendSoon() {
        guard !isEmpty, !turns.isTaken, !transport.isClosed else { return }
        sendAtOnce()
        guard !isEmpty, sender == nil else { return }
        sender = Fiber.spawn(name: "sender of \(session.subject)") { [self] in
            defer { sender = nil }
            try? inTurn(of: self) { try send() }
        }
    }

    /// Sends what the transport takes at once. Never parks.
    func sendAtOnce() {
        if !isEmpty, !turns.isTaken { try? withoutParking { try inTurn(of: self) { try send() } } }
    }

    /// For who has read: sends what that has made, but waits for that only if the other side asks for ever more.
    func sendAfterReading() throws {
        guard session.outputCount > 0 else { return }
        sendAtOnce()
        if session.outputCount > Self.patience { try inTurn(of: self) { try send() } }
    }

    /// Runs `body` when no other fiber writes. `subject` is what reports say.
    func inTurn<Result>(of subject: AnyObject, _ body: () throws -> Result) throws -> Result {
        try turns.begin(for: .turnToWrite, subject: subject)
        defer { turns.end() }
        return try body()
    }

    /// Runs `body`, which writes and may be interrupted by whoever closes. The sender may not.
    func interruptibly(_ body: () throws -> Void) rethrows {
        writer = Fiber.current
        defer { writer = nil }
        try body()
    }

    /// No more is written. Fibers that write get `error`; what of them is encrypted leaves before the last that this
    /// side says. Never parks.
    func end(throwing error: ClosedError) {
        isEnding = true
        turns.interruptAll(throwing: error)
        writer?.interruptIfUndecided(throwing: error)
        sendSoon()
    }

    /// As `end`, and closes the transport: at once, or when all has left, but after `limit` at the latest.
    ///
    /// - Parameter lingers: Whether the other side must end first, because the transport would lose what it has not
    ///   read.
    func close(throwing error: ClosedError, within limit: Duration, lingers: Bool) {
        isEnding = true
        turns.interruptAll(throwing: error)
        writer?.interruptIfUndecided(throwing: error)
        sendAtOnce()
        guard !isEmpty || lingers else { return transport.close() }
        Fiber.spawn(name: "close of \(session.subject)") { [self] in
            defer { transport.close() }
            try? withTimeout(limit) { try sendLast(throwing: error, lingers: lingers) }
        }
    }

    private func sendLast(throwing error: ClosedError, lingers: Bool) throws {
        // The writer may have been woken before it could be interrupted, and have parked once more since.
        writer?.interruptIfUndecided(throwing: error)
        try inTurn(of: self) { try send() }
        guard lingers else { return }
        try transport.closeWrite()
        // Who sends without end lets no read park, and so no limit pass.
        while try !transport.read(upTo: 4096).isEmpty { try Fiber.yield() }
    }

    /// Nobody needs the stream any more, and nobody has closed it.
    func abandon() { sender?.cancel() }
}
