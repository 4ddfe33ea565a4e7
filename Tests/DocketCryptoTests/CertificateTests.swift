import DocketCrypto
import DocketTestSupport
import Testing

@Suite("Certificates")
struct CertificateTests {
    let authority: CertificateAuthority

    init() throws {
        authority = try CertificateAuthority(name: "Root", validity: TestCertificates.valid)
    }

    @Test("A certificate bears the names it was issued for, in their order")
    func names() throws {
        let names: [SubjectAlternativeName] =
            [.dns("desk.example"), .dns("*.desk.example"), .uri("urn:docket:partner:acme")]
            + TestCertificates.loopback
        let issued = try authority.issue(
            name: "desk",
            for: names,
            validity: TestCertificates.valid,
            usage: .server
        )
        let certificate = try #require(try Certificate.all(inPEM: issued.certificateChain).first)
        #expect(certificate.alternativeNames == names)
    }

    @Test("A certificate without names has none")
    func noNames() throws {
        let certificate = try Certificate.all(inPEM: authority.certificate)[0]
        #expect(certificate.alternativeNames.isEmpty)
    }

    @Test("A certificate is valid from its first second to its last but one")
    func validity() throws {
        let validity = TestCertificates.valid
        let certificate = try Certificate.all(inPEM: authority.certificate)[0]
        #expect(certificate.standing(at: validity.lowerBound + .seconds(-1)) == .notYetValid)
        #expect(certificate.standing(at: validity.lowerBound) == .valid)
        #expect(certificate.standing(at: validity.upperBound + .seconds(-1)) == .valid)
        #expect(certificate.standing(at: validity.upperBound) == .expired)
        #expect(certificate.expiry == validity.upperBound)
    }

    @Test("A certificate is issued by its authority and by no other of the same name")
    func issuer() throws {
        let issued = try authority.issue(
            name: "desk",
            for: [],
            validity: TestCertificates.valid,
            usage: .client
        )
        let leaf = try Certificate.all(inPEM: issued.certificateChain)[0]
        let root = try Certificate.all(inPEM: authority.certificate)[0]
        let other = try CertificateAuthority(name: "Root", validity: TestCertificates.valid)
        let otherRoot = try Certificate.all(inPEM: other.certificate)[0]
        #expect(leaf.isIssued(by: root))
        #expect(root.isIssued(by: root))
        #expect(!leaf.isIssued(by: otherRoot))
        #expect(!root.isIssued(by: leaf))
    }

    @Test("The chain of a lower authority leads to the root, without it")
    func chain() throws {
        let middle = try authority.authority(name: "Middle", validity: TestCertificates.valid)
        let low = try middle.authority(name: "Low", validity: TestCertificates.valid)
        let issued = try low.issue(
            name: "desk",
            for: [],
            validity: TestCertificates.valid,
            usage: .server
        )
        let chain = try Certificate.all(inPEM: issued.certificateChain + authority.certificate)
        #expect(chain.count == 4)
        for (certificate, issuer) in zip(chain, chain.dropFirst()) {
            #expect(certificate.isIssued(by: issuer))
        }
    }

    @Test("PEM survives reading and writing")
    func pem() throws {
        let certificate = try Certificate.all(inPEM: authority.certificate)[0]
        #expect(try certificate.pem() == authority.certificate)
        let key = try PrivateKey()
        let text = try key.pem()
        #expect(try PrivateKey(pem: text).pem() == text)
    }

    @Test(
        "Names that would change the certificate's meaning are refused",
        arguments: ["", "a,DNS:evil.example", "a b", "a\nb", "a\0b", "ä.example"]
    )
    func invalidNames(text: String) {
        for name in [SubjectAlternativeName.dns(text), .uri(text)] {
            #expect(throws: CertificateError.invalidName(text)) {
                try authority.issue(
                    name: "x",
                    for: [name],
                    validity: TestCertificates.valid,
                    usage: .server
                )
            }
        }
    }

    @Test("A common name of 64 bytes is the longest")
    func commonName() throws {
        let longest = String(repeating: "x", count: 64)
        _ = try CertificateAuthority(name: longest, validity: TestCertificates.valid)
        #expect(throws: CertificateError.invalidName(longest + "x")) {
            try CertificateAuthority(name: longest + "x", validity: TestCertificates.valid)
        }
    }

    @Test("A text without certificates, or with a broken one, is refused")
    func unreadable() throws {
        for text in ["", "not PEM", "-----BEGIN CERTIFICATE-----"] {
            #expect(throws: CertificateError.self) { try Certificate.all(inPEM: text) }
        }
        #expect(throws: CertificateError.noCertificate) { try Certificate.all(inPEM: "hello\n") }
        let broken = authority.certificate.replacing("MII", with: "NII")
        #expect(throws: CertificateError.self) { try Certificate.all(inPEM: broken) }
        #expect(throws: CertificateError.self) {
            try Certificate.all(inPEM: authority.certificate + broken)
        }
    }

    @Test("A private key behind a passphrase is refused without asking for it")
    func passphrase() {
        let text = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAg3b0uEJ0HPYgICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAZ3b0uEJ0HPYg3b0uEJ0HPYgSB
            -----END ENCRYPTED PRIVATE KEY-----
            """
        #expect(throws: CertificateError.self) { try PrivateKey(pem: Secret(text)) }
        #expect(throws: CertificateError.self) { try PrivateKey(pem: Secret("")) }
        #expect(throws: CertificateError.self) {
            try PrivateKey(pem: Secret(authority.certificate))
        }
    }

    @Test(
        "Addresses are read and written in their usual form",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("0:0:0:0:0:0:0:1", "::1"),
            ("2001:DB8::7", "2001:db8::7"),
        ]
    )
    func addresses(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(bytes: address.bytes) == address)
    }

    @Test(
        "What is not an address is not read as one",
        arguments: ["", "localhost", "127.0.0.1.", "1.2.3", "[::1]", "fe80::1%lo", "127.0.0.1\0x"]
    )
    func noAddresses(text: String) {
        #expect(IPAddress(text) == nil)
        #expect(IPAddress(bytes: [UInt8](repeating: 0, count: 5)) == nil)
    }
}
