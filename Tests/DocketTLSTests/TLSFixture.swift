import DocketCrypto
import DocketTestSupport

@testable import DocketTLS

/// Makes contexts that fit together, with one thing changed at a time.
struct TLSFixture {
    let certificates: TestCertificates
    let identity: TLSIdentity

    init() throws {
        certificates = try TestCertificates()
        identity = TLSIdentity(try certificates.server())
    }

    static func makeRing(at now: UnixTime = TestCertificates.now) -> TicketKeyRing {
        var random = SystemRandomNumberGenerator()
        return TicketKeyRing(at: now, using: &random)
    }

    func server(
        ring: TicketKeyRing? = makeRing(),
        _ change: (inout TLSServerConfiguration) -> Void = { _ in }
    ) throws -> TLSServerContext {
        var configuration = TLSServerConfiguration(identity: identity, ticketKeys: ring)
        change(&configuration)
        return try TLSServerContext(configuration, at: TestCertificates.now)
    }

    func client(
        _ change: (inout TLSClientConfiguration) -> Void = { _ in }
    ) throws -> TLSClientContext {
        var configuration = TLSClientConfiguration(
            trust: .certificates(certificates.authority.certificate)
        )
        change(&configuration)
        return try TLSClientContext(configuration, at: TestCertificates.now)
    }

    /// A pair after its handshake, successful or not.
    func pair(
        client: TLSClientContext? = nil,
        server: TLSServerContext? = nil,
        name: String = "desk.example",
        chop: (([UInt8]) -> [[UInt8]])? = nil
    ) throws -> TLSPair {
        let pair = try TLSPair(
            client: client ?? self.client(),
            server: server ?? self.server(),
            name: name
        )
        pair.exchange(chop: chop)
        return pair
    }
}

extension TLSIdentity {
    init(_ issued: CertificateAuthority.Issued) {
        self.init(certificateChain: issued.certificateChain, privateKey: issued.privateKey)
    }
}
