import DocketCrypto
import DocketTestSupport
import Testing

@testable import DocketTLS

@Suite("A TLS handshake")
struct HandshakeTests {
    let fixture: TLSFixture

    init() throws {
        fixture = try TLSFixture()
    }

    @Test("A client and a server agree on TLS 1.3 and docket/1")
    func agreement() throws {
        let pair = try fixture.pair()
        #expect(pair.client.session.state == .established)
        #expect(pair.server.session.state == .established)
        let expected = TLSPeer(
            version: .tls13,
            applicationProtocol: "docket/1",
            isResumed: false,
            names: []
        )
        #expect(pair.server.session.peer == expected)
        #expect(pair.client.session.peer?.names.first == .dns("desk.example"))
        #expect(pair.client.completedHandshakes == 1)
        #expect(pair.server.completedHandshakes == 1)
    }

    @Test(
        "Bytes written on one side are read on the other",
        arguments: [1, 100, 16_384, 16_385, 1 << 20]
    )
    func bytes(count: Int) throws {
        let pair = try fixture.pair()
        var random = SeededRandom()
        let sent = random.bytes(count: count)
        try pair.client.write(sent)
        try pair.server.write(sent)
        pair.exchange()
        #expect(pair.server.hasReceived(sent), "\(random.replay)")
        #expect(pair.client.hasReceived(sent), "\(random.replay)")
    }
}
