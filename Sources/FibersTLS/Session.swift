// SPDX-License-Identifier: MIT
import CFibersTLS
import Fibers

/// One side of one conversation, between memory and memory. Nothing in it parks, so that one fiber at a time is in
/// OpenSSL.
final class Session {
    /// What became of a step.
    enum Outcome {
        /// Bytes were moved; none at the end of input.
        case moved(Int)
        case wantsInput
        case failed
    }

    private let pointer: OpaquePointer
    /// Keeps what OpenSSL's callbacks use.
    private let context: TLSContext
    /// Names the other side in errors.
    let subject: String
    /// How much is read from the transport at once.
    @exclusivity(unchecked) private var roomSize = smallRoom

    /// A little for who waits, so that an idle connection costs little; more for who has a lot to read.
    private static let smallRoom = 4096
    private static let largeRoom = 65_536
    /// What a record may hold.
    static let recordSize = 16_384

    init(_ context: TLSContext, isServer: Bool, subject: String) {
        guard let pointer = fibers_tls_session_create(context.pointer, isServer) else { outOfMemory() }
        self.pointer = pointer
        self.context = context
        self.subject = subject
    }

    deinit { fibers_tls_session_free(pointer) }

    /// For a client: who the server must be.
    func expect(_ host: String) {
        guard fibers_tls_session_expect(pointer, host) else { outOfMemory() }
    }

    // MARK: Steps

    func shakeHands() -> Outcome { outcome(fibers_tls_session_shake_hands(pointer)) }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        outcome(fibers_tls_session_read(pointer, buffer.baseAddress, CInt(clamping: buffer.count)))
    }

    /// Encrypts all the bytes, which are at least one and no more than a record holds.
    func write(_ bytes: UnsafeRawBufferPointer) throws(TLSError) {
        guard fibers_tls_session_write(pointer, bytes.baseAddress, CInt(bytes.count)) > 0 else { throw failure }
    }

    /// Says that there will be no more.
    func end() { fibers_tls_session_end(pointer) }

    private func outcome(_ result: CInt) -> Outcome {
        switch result {
        case 0...: .moved(Int(result))
        case CInt(fibers_tls_wants_input): .wantsInput
        default: .failed
        }
    }

    // MARK: Encrypted bytes

    /// Where bytes that come are put, while there are none.
    var inputRoom: UnsafeMutableRawBufferPointer {
        guard let room = fibers_tls_session_input_room(pointer, roomSize) else { outOfMemory() }
        return UnsafeMutableRawBufferPointer(start: room, count: roomSize)
    }

    func didReceive(_ count: Int) {
        fibers_tls_session_did_receive(pointer, count)
        if count == roomSize {
            roomSize = min(roomSize * 4, Self.largeRoom)
        } else if count < Self.smallRoom {
            roomSize = Self.smallRoom
        }
    }

    /// What is to leave next; valid until `didSend` was told of all of it. `nil` if there is nothing.
    var output: UnsafeRawBufferPointer? {
        var count = 0
        guard let start = fibers_tls_session_output(pointer, &count) else { return nil }
        return UnsafeRawBufferPointer(start: start, count: count)
    }

    func didSend(_ count: Int) { fibers_tls_session_did_send(pointer, count) }

    /// How many bytes are to leave.
    var outputCount: Int { fibers_tls_session_output_count(pointer) }

    // MARK: Afterwards

    /// Why a step has failed.
    var failure: TLSError {
        let reason = String(cString: fibers_tls_failure_reason(pointer))
        return TLSError(Self.cause(of: fibers_tls_failure(pointer)), subject: subject, reason: reason)
    }

    private static func cause(of kind: fibers_tls_failure_kind) -> TLSError.Cause {
        switch kind {
        case fibers_tls_certificate_refused: .certificateRefused
        case fibers_tls_alert_received: .refusedByPeer
        case fibers_tls_protocol_violated: .protocolViolated
        default: outOfMemory()
        }
    }

    var version: TLSVersion? { TLSVersion(rawValue: fibers_tls_session_version(pointer)) }

    var cipher: String { fibers_tls_session_cipher(pointer).map { String(cString: $0) } ?? "" }

    var applicationProtocol: String? {
        var count = 0
        guard let start = fibers_tls_session_protocol(pointer, &count) else { return nil }
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    var requestedHost: String? { fibers_tls_session_host(pointer).map { String(cString: $0) } }

    var peerName: String? { text(fibers_tls_session_copy_peer(pointer)) }

    var peerCertificates: [String] {
        var all: [String] = []
        while let next = text(fibers_tls_session_copy_certificate(pointer, CInt(all.count))) { all.append(next) }
        return all
    }

    /// Frees what was copied.
    private func text(_ copy: UnsafeMutablePointer<CChar>?) -> String? {
        defer { fibers_tls_free(copy) }
        return copy.map { String(cString: $0) }
    }
}

func outOfMemory() -> Never { fatalError("out of memory: cannot speak TLS") }
