// SPDX-License-Identifier: MIT

/// A version of the protocol. Older ones are not spoken.
public enum TLSVersion: CInt, Comparable, Sendable, CustomStringConvertible {
    /// Of 2008.
    case v1_2 = 0x0303
    /// Of 2018.
    case v1_3 = 0x0304

    /// Whether one is older than the other.
    public static func < (one: TLSVersion, other: TLSVersion) -> Bool { one.rawValue < other.rawValue }

    /// Its usual name, such as `TLS 1.3`.
    public var description: String { self == .v1_2 ? "TLS 1.2" : "TLS 1.3" }
}

/// What a side shows to prove who it is.
public struct TLSIdentity: Sendable {
    /// Its certificate first, then those that lead from there to a root, which itself may be missing.
    public var chain: PEM
    /// The private key of the first certificate, not encrypted.
    public var key: PEM

    /// An identity that is looked at when a ``TLSContext`` is made.
    ///
    /// - Parameters:
    ///   - chain: Its certificate first, then those that lead from there to a root, which itself may be missing.
    ///   - key: The private key of the first certificate, not encrypted.
    public init(chain: PEM, key: PEM) {
        self.chain = chain
        self.key = key
    }
}

/// How to speak TLS; what is made of it is a ``TLSContext``. What it says by default is right for clients.
public struct TLSConfiguration: Sendable {
    /// Whose certificates are trusted.
    public enum Trust: Sendable {
        /// Those whom the system trusts: the certificates that OpenSSL finds where the system has put them, or where
        /// `SSL_CERT_FILE` and `SSL_CERT_DIR` of the environment say.
        case system
        /// Only those who have one of these certificates, or one signed by them: roots of your own, or a single host.
        case only(PEM)
        /// Anybody, whoever it is: a client then speaks with whoever stands in the way and reads along. For tests.
        case dangerouslyTrustEverybody
    }

    /// Whether a server wants to know who its clients are.
    public enum ClientCertificates: Sendable {
        /// It does not ask.
        case ignored
        /// It asks. Who shows none is served all the same, who shows one that is not trusted is not.
        case requested
        /// It serves nobody without a certificate that is trusted.
        case required
    }

    /// Whose certificates are trusted: a client looks at that of its server, a server at those of clients, if it asks
    /// for them.
    public var trust: Trust = .system
    /// What this side shows. A server must have one; a client shows it if asked.
    public var identity: TLSIdentity?
    /// What is spoken above TLS, such as `h2` or `http/1.1`, the best first (ALPN). The server's order counts, and it
    /// refuses clients that know others only; those that do not say anything are served.
    public var applicationProtocols: [String] = []
    /// What is older is refused.
    public var minimumVersion: TLSVersion = .v1_2
    /// Whether a server wants to know who its clients are. Then ``trust`` should be ``Trust/only(_:)``: the roots that
    /// the system trusts vouch for millions.
    public var clientCertificates: ClientCertificates = .ignored
    /// What a server shows, and which clients and protocols it takes, by the host that a client asks for (SNI):
    /// `example.org`, or `*.example.org` for all one label below. This configuration is for all others. Its minimum
    /// version counts for all.
    public var hosts: [String: TLSContext] = [:]
    /// How long a stream that was closed tries to tell the other side so.
    public var closeLimit: Duration = .seconds(5)

    /// What is right for a client that needs nothing in particular.
    public init() {}
}
