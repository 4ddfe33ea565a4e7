import DocketCrypto
import DocketTestSupport
import Testing

@testable import DocketTLS

@Suite("TLS configuration")
struct ConfigurationTests {
    let fixture: TLSFixture

    init() throws {
        fixture = try TLSFixture()
    }

    @Test("A key of another certificate is found when the context is made")
    func otherKey() throws {
        let other = try fixture.certificates.server()
        refusesServer(.keyDoesNotMatchCertificate) { $0.identity.privateKey = other.privateKey }
        let identity = TLSIdentity(
            certificateChain: fixture.identity.certificateChain,
            privateKey: other.privateKey
        )
        #expect(throws: TLSConfigurationError.keyDoesNotMatchCertificate) {
            try fixture.client { $0.identity = identity }
        }
    }

    @Test("A certificate outside its validity is found when the context is made")
    func validity() throws {
        let expired = try fixture.certificates.server(validity: TestCertificates.expired)
        refusesServer(.certificateExpired(index: 0)) { $0.identity = TLSIdentity(expired) }
        let future = try fixture.certificates.server(validity: TestCertificates.future)
        refusesServer(.certificateNotYetValid(index: 0)) { $0.identity = TLSIdentity(future) }
    }

    @Test("An expired authority in the chain is found when the context is made")
    func expiredAuthority() throws {
        let middle = try fixture.certificates.authority.authority(
            name: "Middle",
            validity: TestCertificates.expired
        )
        let issued = try middle.issue(
            name: "desk",
            for: [.dns("desk.example")],
            validity: TestCertificates.valid,
            usage: .server
        )
        refusesServer(.certificateExpired(index: 1)) { $0.identity = TLSIdentity(issued) }
    }

    @Test("A chain whose links do not follow each other is found when the context is made")
    func brokenChain() throws {
        let other = try TestCertificates(authorityName: "Another Authority")
        refusesServer(.brokenChain(index: 0)) {
            $0.identity.certificateChain += other.authority.certificate
        }
        let middle = try fixture.certificates.authority.authority(
            name: "Middle",
            validity: TestCertificates.valid
        )
        refusesServer(.brokenChain(index: 1)) {
            $0.identity.certificateChain +=
                fixture.certificates.authority.certificate + middle.certificate
        }
    }

    @Test("A chain with its root is accepted")
    func chainWithRoot() throws {
        let server = try fixture.server {
            $0.identity.certificateChain += fixture.certificates.authority.certificate
        }
        #expect(try fixture.pair(server: server).client.error == nil)
        #expect(server.certificateExpiry == TestCertificates.valid.upperBound)
    }

    @Test("Texts that are no certificates or keys are refused by the part they stand in")
    func unreadable() throws {
        #expect(part { $0.identity.certificateChain = "nonsense" } == .identity)
        #expect(part { $0.clientCertificates = .required(authorities: "") } == .authorities)
        #expect(part { $0.clientCertificates = .optional(authorities: "x") } == .authorities)
        #expect {
            try fixture.server { $0.identity.privateKey = Secret("nonsense") }
        } throws: { error in
            if case TLSConfigurationError.unreadablePrivateKey = error { true } else { false }
        }
        #expect(throws: TLSConfigurationError.self) {
            try fixture.client { $0.trust = .certificates("nonsense") }
        }
    }

    @Test("Application protocols must be there, and their names have 1 to 255 bytes")
    func applicationProtocols() throws {
        let longest = String(repeating: "x", count: 255)
        for names in [[], [""], [longest + "x"], ["docket/1", ""]] {
            refusesServer(.invalidApplicationProtocols) { $0.applicationProtocols = names }
            #expect(throws: TLSConfigurationError.invalidApplicationProtocols) {
                try fixture.client { $0.applicationProtocols = names }
            }
        }
        let pair = try fixture.pair(
            client: fixture.client { $0.applicationProtocols = [longest] },
            server: fixture.server { $0.applicationProtocols = ["x", longest] }
        )
        #expect(pair.server.session.peer?.applicationProtocol == longest)
    }

    @Test("A client whose versions exclude each other cannot be made")
    func versions() {
        #expect(throws: TLSConfigurationError.noVersion) {
            try fixture.client {
                $0.minimumVersion = .tls13
                $0.maximumVersion = .tls12
            }
        }
    }

    @Test("A reload serves new connections and leaves open ones alone")
    func reload() throws {
        let holder = TLSServerContextHolder(try fixture.server())
        let client = try fixture.client()
        let open = try fixture.pair(client: client, server: holder.context)
        let renewed = try fixture.certificates.server(names: [.dns("renewed.example")])
        try holder.reload(
            TLSServerConfiguration(identity: TLSIdentity(renewed), ticketKeys: nil),
            at: TestCertificates.now
        )
        let new = try fixture.pair(server: holder.context, name: "renewed.example")
        #expect(new.client.session.peer?.names == [.dns("renewed.example")])
        try open.client.write([1])
        open.exchange()
        #expect(open.server.received == [1])
    }

    @Test("A reload that fails keeps the context there was")
    func failedReload() throws {
        let holder = TLSServerContextHolder(try fixture.server())
        let before = holder.context
        let expired = try fixture.certificates.server(validity: TestCertificates.expired)
        #expect(throws: TLSConfigurationError.certificateExpired(index: 0)) {
            try holder.reload(
                TLSServerConfiguration(identity: TLSIdentity(expired), ticketKeys: nil),
                at: TestCertificates.now
            )
        }
        #expect(holder.context === before)
    }

    @Test("A session outlives the last other reference to its context")
    func ownership() throws {
        let client = try fixture.client()
        for isResumed in [false, true] {
            let ring = try TicketKeyRing(importing: Self.ring.export())
            let pair = try TLSPair(client: client, server: fixture.server(ring: ring))
            pair.exchange()
            #expect(pair.server.session.peer?.isResumed == isResumed)
        }
    }

    private static let ring = TLSFixture.makeRing()

    // MARK: Server names

    @Test(
        "Host names and addresses are read in their canonical form",
        arguments: [
            ("desk.example", "desk.example"), ("Desk.EXAMPLE.", "desk.example"),
            ("localhost", "localhost"), ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("127.0.0.1", "127.0.0.1"), ("0:0::1", "::1"), ("a_b.example", "a_b.example"),
        ]
    )
    func serverNames(text: String, name: String) throws {
        #expect(try TLSServerName(text).description == name)
    }

    @Test(
        "What is neither a host name nor an address is refused",
        arguments: [
            "", ".", "..", "a..b", ".a", "a b", "desk.example:7777", "[::1]", "bücher.example",
            "a\0b", "*.example", "https://desk.example",
        ]
    )
    func wrongServerNames(text: String) {
        #expect(throws: TLSConfigurationError.invalidServerName(text)) {
            try TLSServerName(text)
        }
    }

    @Test("A host name has at most 253 bytes, and a label 63")
    func longServerNames() throws {
        let label = String(repeating: "x", count: 63)
        let longest = [label, label, label, String(label.dropLast(2))].joined(separator: ".")
        #expect(longest.utf8.count == TLSServerName.longestHostName)
        #expect(try TLSServerName(longest).description == longest)
        for text in [longest + "x", label + "x.example"] {
            #expect(throws: TLSConfigurationError.invalidServerName(text)) {
                try TLSServerName(text)
            }
        }
    }

    // MARK: Helpers

    private func refusesServer(
        _ error: TLSConfigurationError,
        _ change: (inout TLSServerConfiguration) -> Void
    ) {
        #expect(throws: error) { try fixture.server(change) }
    }

    /// The part whose certificates are refused.
    private func part(
        _ change: (inout TLSServerConfiguration) -> Void
    ) -> TLSConfigurationError.Part? {
        do {
            _ = try fixture.server(change)
        } catch TLSConfigurationError.unreadableCertificate(let part, _) {
            return part
        } catch {
            return nil
        }
        return nil
    }
}
