import DocketCrypto
import DocketTestSupport
import Testing

@testable import DocketTLS

@Suite("Contexts shared by threads")
struct SharingTests {
    @Test("Handshakes go on while keys rotate and certificates are reloaded")
    func sharing() async throws {
        let fixture = try TLSFixture()
        let ring = TLSFixture.makeRing()
        let holder = TLSServerContextHolder(try fixture.server(ring: ring))
        let client = try fixture.client()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { @concurrent in
                    for _ in 0..<25 {
                        let pair = try fixture.pair(client: client, server: holder.context)
                        try pair.client.write([1])
                        pair.exchange()
                        #expect(pair.server.received == [1])
                    }
                }
            }
            group.addTask { @concurrent in
                var random = SeededRandom(seed: 1)
                for number in 1...25 {
                    let later = TestCertificates.now + TicketKeyRing.period * number
                    #expect(ring.rotateIfDue(at: later, using: &random))
                    try holder.reload(
                        TLSServerConfiguration(identity: fixture.identity, ticketKeys: ring),
                        at: TestCertificates.now
                    )
                }
            }
            try await group.waitForAll()
        }
    }
}
