// SPDX-License-Identifier: MIT
import CFibersTLS
import Fibers

/// A ``TLSConfiguration`` that was looked at, and is ready for use: its files are read, its key fits its certificate.
///
/// ```swift
/// var configuration = TLSConfiguration()
/// configuration.identity = TLSIdentity(chain: .file("chain.pem"), key: .file("key.pem"))
/// let context = try TLSContext(configuration)
/// ```
///
/// Make one, and use it for all streams, in all threads.
///
/// `@unchecked Sendable`: what the pointer leads to is changed by the initialiser only. Then OpenSSL reads it to make
/// sessions, counts references to it atomically, and locks what it caches of certificates.
public final class TLSContext: CustomStringConvertible, @unchecked Sendable {
    let pointer: OpaquePointer
    /// How long a stream that was closed tries to tell the other side so.
    let closeLimit: Duration
    /// Whether this side has a certificate to show.
    let hasIdentity: Bool
    /// Used by OpenSSL's callbacks.
    private let hosts: [TLSContext]
    /// Says what it shows.
    public let description: String

    /// For clients that need nothing in particular: verifies the server by what the system trusts.
    public static let system: TLSContext = {
        do { return try TLSContext() } catch { fatalError("\(error)") }
    }()

    /// Looks at the configuration. Never parks, but blocks the thread while it reads files: make it at the start.
    ///
    /// - Parameter configuration: How to speak TLS.
    /// - Throws: `IOError` if a file cannot be read; `ArgumentError` that says what is wrong if it holds something
    ///   else, if key and certificate do not belong together, or if a protocol's name is impossible.
    public init(_ configuration: TLSConfiguration = TLSConfiguration()) throws {
        guard let pointer = fibers_tls_context_create() else { outOfMemory() }
        self.pointer = pointer
        closeLimit = configuration.closeLimit
        hasIdentity = configuration.identity != nil
        hosts = Array(configuration.hosts.values)
        let shown = configuration.identity.map { "certificate in \($0.chain.name)" }
        description = "TLSContext(\(shown ?? "no certificate"))"
        try call("minimum version \(configuration.minimumVersion)") {
            fibers_tls_context_set_minimum_version(pointer, configuration.minimumVersion.rawValue, &$0)
        }
        fibers_tls_context_set_clients(pointer, configuration.clientCertificates.mode)
        try trust(configuration.trust)
        if let identity = configuration.identity { try show(identity) }
        try set(configuration.applicationProtocols)
        for (name, context) in configuration.hosts {
            guard fibers_tls_context_add_host(pointer, name, context.pointer) else { outOfMemory() }
        }
    }

    deinit { fibers_tls_context_free(pointer) }

    private func trust(_ trust: TLSConfiguration.Trust) throws {
        switch trust {
        case .system: try call("the system's certificates") { fibers_tls_context_trust_system(pointer, &$0) }
        case .dangerouslyTrustEverybody: fibers_tls_context_trust_everybody(pointer)
        case .only(let pem):
            try call("trust in \(pem.name)", pem) { fibers_tls_context_trust(pointer, $0.baseAddress, $0.count, &$1) }
        }
    }

    private func show(_ identity: TLSIdentity) throws {
        try call("certificate chain in \(identity.chain.name)", identity.chain) {
            fibers_tls_context_use_chain(pointer, $0.baseAddress, $0.count, &$1)
        }
        try call("private key in \(identity.key.name)", identity.key) {
            fibers_tls_context_use_key(pointer, $0.baseAddress, $0.count, &$1)
        }
    }

    private func set(_ protocols: [String]) throws {
        guard !protocols.isEmpty else { return }
        for name in protocols where !(1...255).contains(name.utf8.count) {
            throw ArgumentError("application protocol \"\(name)\" is impossible: give a name of 1 to 255 bytes")
        }
        let list = protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        guard fibers_tls_context_set_protocols(pointer, list, list.count) else { outOfMemory() }
    }

    // MARK: Reasons

    private func call(_ name: String, _ body: (inout fibers_tls_reason) -> Bool) throws {
        var reason = fibers_tls_reason()
        guard !body(&reason) else { return }
        let text = withUnsafeBytes(of: &reason.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        throw ArgumentError("\(name) cannot be used: \(text)")
    }

    private func call(
        _ name: String, _ pem: PEM, _ body: (UnsafeRawBufferPointer, inout fibers_tls_reason) -> Bool
    ) throws {
        let bytes = try pem.read()
        try call(name) { reason in bytes.withUnsafeBytes { body($0, &reason) } }
    }
}

extension TLSConfiguration.ClientCertificates {
    fileprivate var mode: fibers_tls_clients {
        switch self {
        case .ignored: fibers_tls_clients_stay_unknown
        case .requested: fibers_tls_clients_may_show_themselves
        case .required: fibers_tls_clients_must_show_themselves
        }
    }
}
