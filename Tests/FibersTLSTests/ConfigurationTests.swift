// SPDX-License-Identifier: MIT
import Fibers
import FibersTLS
import SystemPackage
import Testing

@Suite struct ConfigurationTests {
    @Test func `certificates and keys are read from files`() throws {
        try inFiber {
            try withFile(Certificates.server) { chain in
                try withFile(Certificates.serverKey) { key in
                    let identity = TLSIdentity(chain: .file(FilePath(chain)), key: .file(FilePath(key)))
                    let handshake = try Handshake(client: .client(), server: .server { $0.identity = identity })
                    try expectEcho(handshake.client.get(), handshake.server.get())
                }
            }
        }
    }

    @Test func `a file that is missing is named`() throws {
        let error = failure { try TLSContext { $0.trust = .only(.file("/nowhere/root.pem")) } }
        let cause = try #require(error as? IOError)
        #expect(cause.code == .noSuchFileOrDirectory)
        #expect(cause.subject == "/nowhere/root.pem")
    }

    @Test(arguments: ["", "no certificate", Certificates.serverKey, Certificates.root + "\n" + broken])
    func `what is no certificate is refused`(text: String) throws {
        let identity = TLSIdentity(chain: .text(text), key: .text(Certificates.serverKey))
        #expect(failure { try TLSContext { $0.trust = .only(.text(text)) } } is ArgumentError)
        #expect(failure { try TLSContext { $0.identity = identity } } is ArgumentError)
    }

    @Test func `a key that belongs to another certificate is refused`() throws {
        let identity = TLSIdentity(chain: .text(Certificates.server), key: .text(Certificates.otherKey))
        let error = failure { try TLSContext { $0.identity = identity } }
        let message = try #require(error as? ArgumentError).message
        #expect(message == "private key in memory cannot be used: key values mismatch")
    }

    @Test(arguments: ["", "no key", Certificates.server, encryptedKey])
    func `what is no key, or an encrypted one, is refused`(text: String) throws {
        let identity = TLSIdentity(chain: .text(Certificates.server), key: .text(text))
        #expect(failure { try TLSContext { $0.identity = identity } } is ArgumentError)
    }

    @Test(arguments: ["", String(repeating: "h", count: 256)])
    func `a protocol without a name, or with a long one, is refused`(name: String) throws {
        #expect(failure { try TLSContext { $0.applicationProtocols = ["h2", name] } } is ArgumentError)
    }

    @Test func `a context says what it shows`() throws {
        #expect("\(try TLSContext.server())" == "TLSContext(certificate in memory)")
        #expect("\(TLSContext.system)" == "TLSContext(no certificate)")
    }

    private static let broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"

    /// Its password is "test".
    private static let encryptedKey = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgTNyq3nh+ScQICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEPxV0IaRACTikELFnBh4fqAEgZDJ
        LIQFNj2Lx2jQDSjnyIeZHq8XNeGAS3yZtEa/L2+ckz1j/BpyoW7wzi4V3Vbvu9rP
        J/hhwpPTSZ9U05Rwjwk/qJU7mzlkwD0+3HKfWKNja66xWKzFPApBgCCjtgJ9iS16
        FZXAxWJU1+B65CPkW8rVPYZwuWQW+t1KL7o3uVoA8AfYFljUl6hxz1PV5lBAcnY=
        -----END ENCRYPTED PRIVATE KEY-----
        """
}
