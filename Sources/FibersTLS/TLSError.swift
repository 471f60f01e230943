// SPDX-License-Identifier: MIT

/// TLS could not begin, or could not go on.
///
/// What the transport says no to is no such error: that is thrown as it is.
public struct TLSError: Error, CustomStringConvertible {
    /// What went wrong. There may be more of them one day.
    public struct Cause: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case certificateRefused = "certificate refused"
            case refusedByPeer = "refused by the other side"
            case truncated = "input cut off"
            case protocolViolated = "protocol violated"
        }

        private let kind: Kind

        /// This side refuses the other one's certificate, or misses it: it has expired, is for another host, is signed
        /// by nobody who is trusted, …
        public static let certificateRefused = Cause(kind: .certificateRefused)
        /// The other side has said that it cannot go on, such as because it refuses this side's certificate, or because
        /// both have no version, no cipher or no protocol in common.
        public static let refusedByPeer = Cause(kind: .refusedByPeer)
        /// The transport has ended, and the other side had not said that it would. Somebody may have cut the input off.
        public static let truncated = Cause(kind: .truncated)
        /// What came was changed on its way, is no TLS, or is a flood of records without data; or this side sees that both
        /// have nothing in common.
        public static let protocolViolated = Cause(kind: .protocolViolated)

        /// A few words.
        public var description: String { kind.rawValue }
    }

    /// What went wrong.
    public let cause: Cause
    /// With whom: the host that was asked for or, on a server, what the transport says that it is.
    public let subject: String
    /// Why, mostly in OpenSSL's words: `certificate has expired`, `hostname mismatch`, `wrong version number`, …
    public let reason: String

    init(_ cause: Cause, subject: String, reason: String) {
        self.cause = cause
        self.subject = subject
        self.reason = reason
    }

    /// With whom, what went wrong, and why.
    public var description: String { "TLS with \(subject): \(cause): \(reason)" }
}
