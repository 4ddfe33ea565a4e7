import COpenSSL
import DocketCrypto
import DocketTestSupport
import Testing

@testable import DocketTLS

@Suite("Verification of certificates")
struct VerificationTests {
    let fixture: TLSFixture

    init() throws {
        fixture = try TLSFixture()
    }

    // MARK: Servers

    @Test(
        "A server proves any name of its certificate",
        arguments: ["desk.example", "DESK.example", "desk.example.", "127.0.0.1", "::1", "0::1"]
    )
    func provenName(name: String) throws {
        #expect(try fixture.pair(name: name).client.session.state == .established)
    }

    @Test(
        "A server cannot prove a name that its certificate lacks",
        arguments: ["other.example", "sub.desk.example", "example", "127.0.0.2", "::2"]
    )
    func otherName(name: String) throws {
        let pair = try fixture.pair(name: name)
        #expect(pair.client.error?.kind == .hostnameMismatch)
        #expect(pair.server.error?.kind == .peerAlert(code: 42))
        #expect(pair.client.completedHandshakes == 0)
    }

    @Test("A wildcard stands for one whole label")
    func wildcards() throws {
        let server = try serverContext(names: [.dns("*.desk.example"), .dns("d*.example")])
        for (name, isProven) in [
            ("a.desk.example", true), ("a.b.desk.example", false), ("desk.example", false),
            ("dask.example", false),
        ] {
            let pair = try fixture.pair(server: server, name: name)
            #expect((pair.client.error == nil) == isProven, "\(name)")
        }
    }

    @Test("The common name proves nothing")
    func commonName() throws {
        let issued = try fixture.certificates.authority.issue(
            name: "desk.example",
            for: [],
            validity: TestCertificates.valid,
            usage: .server
        )
        let server = try fixture.server { $0.identity = TLSIdentity(issued) }
        let pair = try fixture.pair(server: server)
        #expect(pair.client.error?.kind == .hostnameMismatch)
    }

    @Test("An address written as a host name proves no address")
    func addressAsName() throws {
        let server = try serverContext(names: [.dns("127.0.0.1")])
        let pair = try fixture.pair(server: server, name: "127.0.0.1")
        #expect(pair.client.error?.kind == .hostnameMismatch)
    }

    @Test("A certificate of an authority that is not trusted is refused")
    func otherAuthority() throws {
        let other = try TestCertificates(authorityName: "Another Authority")
        let issued = try other.server()
        let server = try fixture.server { $0.identity = TLSIdentity(issued) }
        let pair = try fixture.pair(server: server)
        #expect(pair.client.error?.kind == .certificateInvalid(.unknownAuthority))
        #expect(pair.server.error?.kind == .peerAlert(code: 48))
    }

    @Test("A certificate of an authority of the same name but another key is refused")
    func impostor() throws {
        let other = try TestCertificates()
        let issued = try other.server()
        let server = try fixture.server { $0.identity = TLSIdentity(issued) }
        let pair = try fixture.pair(server: server)
        #expect(pair.client.error != nil)
        #expect(pair.client.completedHandshakes == 0)
    }

    @Test("The system's authorities do not vouch for an authority of our own")
    func systemTrust() throws {
        let client = try fixture.client { $0.trust = .system }
        let pair = try fixture.pair(client: client)
        #expect(pair.client.error?.kind == .certificateInvalid(.unknownAuthority))
    }

    @Test("A self-signed certificate is refused, and accepted by who trusts it")
    func selfSigned() throws {
        let server = try fixture.server { $0.identity = .selfSigned }
        let pair = try fixture.pair(
            client: fixture.client { $0.verificationTime = TestCertificates.now },
            server: server
        )
        #expect(pair.client.error?.kind == .certificateInvalid(.selfSigned))
        let trusting = try fixture.client {
            $0.trust = .certificates(TLSIdentity.selfSigned.certificateChain)
            $0.verificationTime = TestCertificates.now
        }
        #expect(try fixture.pair(client: trusting, server: server).client.error == nil)
    }

    @Test("An expired certificate of a server is refused")
    func expired() throws {
        let issued = try fixture.certificates.server(validity: TestCertificates.expired)
        let pair = try fixture.pair(server: try server(issued, at: TestCertificates.past))
        #expect(pair.client.error?.kind == .certificateInvalid(.expired))
        #expect(pair.server.error?.kind == .peerAlert(code: 45))
    }

    @Test("A certificate of a server that is not valid yet is refused")
    func future() throws {
        let issued = try fixture.certificates.server(validity: TestCertificates.future)
        let pair = try fixture.pair(
            server: try server(issued, at: TestCertificates.future.lowerBound)
        )
        #expect(pair.client.error?.kind == .certificateInvalid(.notYetValid))
    }

    @Test("A client's certificate is refused when a server shows it")
    func wrongServerPurpose() throws {
        let issued = try fixture.certificates.client(names: [.dns("desk.example")])
        let server = try fixture.server { $0.identity = TLSIdentity(issued) }
        #expect(
            try fixture.pair(server: server).client.error?.kind
                == .certificateInvalid(.wrongPurpose)
        )
    }

    @Test("As many authorities may stand in between as the limit says, and no more")
    func depth() throws {
        var authority = fixture.certificates.authority
        for count in 1...5 {
            authority = try authority.authority(
                name: "Authority \(count)",
                validity: TestCertificates.valid
            )
            let issued = try authority.issue(
                name: "desk",
                for: [.dns("desk.example")],
                validity: TestCertificates.valid,
                usage: .server
            )
            let server = try fixture.server { $0.identity = TLSIdentity(issued) }
            let error = try fixture.pair(server: server).client.error?.kind
            #expect(error == (count <= 4 ? nil : .certificateInvalid(.chainTooLong)))
        }
    }

    @Test("A chain beyond the limit of bytes is refused before it is parsed")
    func hugeChain() throws {
        let names = (0..<1500).map { SubjectAlternativeName.dns("desk-\($0).a-long-name.example") }
        let server = try serverContext(names: [.dns("desk.example")] + names)
        #expect(try fixture.pair(server: server).client.error?.kind == .protocolViolation)
    }

    // MARK: Clients

    @Test("A client's certificate is asked for, verified and named as the rule says")
    func clientCertificates() throws {
        let authorities = fixture.certificates.authority.certificate
        let identified = try client(showing: fixture.certificates.client())
        let anonymous = try fixture.client()
        let names: [SubjectAlternativeName] = [.uri("urn:docket:partner:acme")]
        for (rule, client, expected) in [
            (TLSServerConfiguration.ClientCertificates.none, anonymous, []),
            (.none, identified, []),
            (.optional(authorities: authorities), anonymous, []),
            (.optional(authorities: authorities), identified, names),
            (.required(authorities: authorities), identified, names),
        ] {
            let pair = try fixture.pair(
                client: client,
                server: fixture.server { $0.clientCertificates = rule }
            )
            #expect(pair.server.session.peer?.names == expected)
            #expect(pair.client.error == nil)
        }
    }

    @Test("A client without the required certificate learns it after its own handshake")
    func requiredCertificate() throws {
        let pair = try fixture.pair(server: requiringServer())
        #expect(pair.server.error?.kind == .certificateRequired)
        #expect(pair.server.completedHandshakes == 0)
        #expect(pair.client.completedHandshakes == 1)
        #expect(pair.client.error?.kind == .peerAlert(code: 116))
    }

    @Test("Data of a client that is refused are never delivered")
    func refusedData() throws {
        let pair = try TLSPair(client: fixture.client(), server: requiringServer())
        pair.server.receive(pair.client.take())
        pair.client.receive(pair.server.take())
        try pair.client.write([1, 2, 3])
        pair.exchange()
        #expect(pair.server.error?.kind == .certificateRequired)
        #expect(pair.server.received.isEmpty)
    }

    @Test("A client certificate that is expired, of another authority or a server's is refused")
    func badClientCertificates() throws {
        let other = try TestCertificates(authorityName: "Another Authority")
        for (issued, fault, alert) in [
            (
                try fixture.certificates.client(validity: TestCertificates.expired),
                CertificateFault.expired, UInt8(45)
            ),
            (try other.client(), .unknownAuthority, 48),
            (try fixture.certificates.server(), .wrongPurpose, 43),
        ] {
            let optional = try fixture.server {
                $0.clientCertificates = .optional(
                    authorities: fixture.certificates.authority.certificate
                )
            }
            for server in [try requiringServer(), optional] {
                let pair = try fixture.pair(client: client(showing: issued), server: server)
                #expect(pair.server.error?.kind == .certificateInvalid(fault))
                #expect(pair.client.error?.kind == .peerAlert(code: alert))
            }
        }
    }

    @Test("A context judges certificates at the moment that its configuration names")
    func verificationTime() throws {
        let issued = try fixture.certificates.server(validity: TestCertificates.expired)
        let server = try server(issued, at: TestCertificates.past)
        let client = try fixture.client { $0.verificationTime = TestCertificates.past }
        #expect(try fixture.pair(client: client, server: server).client.error == nil)
    }

    // MARK: Making contexts

    private func serverContext(names: [SubjectAlternativeName]) throws -> TLSServerContext {
        let issued = try fixture.certificates.server(names: names)
        return try fixture.server { $0.identity = TLSIdentity(issued) }
    }

    private func server(
        _ issued: CertificateAuthority.Issued,
        at now: UnixTime
    ) throws -> TLSServerContext {
        let configuration = TLSServerConfiguration(
            identity: TLSIdentity(issued),
            ticketKeys: nil
        )
        return try TLSServerContext(configuration, at: now)
    }

    private func requiringServer() throws -> TLSServerContext {
        try fixture.server {
            $0.clientCertificates = .required(
                authorities: fixture.certificates.authority.certificate
            )
        }
    }

    /// A client that shows a certificate, made while that was valid.
    private func client(showing issued: CertificateAuthority.Issued) throws -> TLSClientContext {
        var configuration = TLSClientConfiguration(
            trust: .certificates(fixture.certificates.authority.certificate)
        )
        configuration.identity = TLSIdentity(issued)
        return try TLSClientContext(configuration, at: TestCertificates.past)
    }
}
