// SPDX-License-Identifier: MIT
import COpenSSL
import Fibers

/// A client that is OpenSSL itself, over a stream, and so can do what this library's never does. It trusts everybody.
final class OpenSSLClient {
    private let context = SSL_CTX_new(TLS_client_method())
    private let session: OpaquePointer?
    private let input = BIO_new(BIO_s_mem())
    private let output = BIO_new(BIO_s_mem())
    private let stream: any ByteStream

    init(over stream: any ByteStream) {
        self.stream = stream
        session = SSL_new(context)
        SSL_set_bio(session, input, output)
        SSL_set_connect_state(session)
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
    }

    func shakeHands() throws {
        while SSL_do_handshake(session) != 1 {
            try send()
            try receive()
        }
        try send()
    }

    /// Changes the keys with which it writes, so many times.
    ///
    /// - Parameter isAsking: The other side is to change those with which it writes, and say so.
    func changeKeys(times: Int = 1, isAsking: Bool) throws {
        for _ in 0..<times {
            SSL_key_update(session, isAsking ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED)
            SSL_do_handshake(session)
        }
        try send()
    }

    func write(_ text: String) throws {
        SSL_write(session, text, CInt(text.utf8.count))
        try send()
    }

    /// Parks until some data have come.
    func read() throws -> String {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = SSL_read(session, &bytes, CInt(bytes.count))
            if count > 0 { return String(decoding: bytes[..<Int(count)], as: UTF8.self) }
            try receive()
        }
    }

    private func send() throws {
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(output))
        let count = BIO_read(output, &bytes, CInt(bytes.count))
        if count > 0 { try stream.write(Array(bytes[..<Int(count)])) }
    }

    private func receive() throws {
        let bytes = try stream.read()
        guard !bytes.isEmpty else { throw ClosedError(subject: "other side") }
        BIO_write(input, bytes, CInt(bytes.count))
    }
}
