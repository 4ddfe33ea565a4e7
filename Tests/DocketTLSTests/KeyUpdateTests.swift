import COpenSSL
import DocketCrypto
import DocketTestSupport
import Testing

@testable import DocketTLS

@Suite("KeyUpdate")
struct KeyUpdateTests {
    let pair: TLSPair

    init() throws {
        pair = try TLSFixture().pair()
    }

    @Test("Keys are updated, and answered where the peer asks for it", arguments: [true, false])
    func update(asksForAnswer: Bool) throws {
        updateKeys(1, asksForAnswer: asksForAnswer)
        try pair.client.write([1, 2, 3])
        pair.server.receive(pair.client.take())
        #expect(pair.server.received == [1, 2, 3])
        try pair.server.write([4, 5, 6])
        // The answer leaves with the next data, as a record of its own of 27 bytes.
        #expect(pair.server.session.pendingCiphertextCount == (asksForAnswer ? 27 + 25 : 25))
        pair.exchange()
        #expect(pair.client.received == [4, 5, 6])
    }

    @Test("As many updates in a minute as the limit says are borne, and one more is not")
    func limit() throws {
        updateKeys(TLSSession.keyUpdateLimit)
        pair.exchange()
        #expect(pair.server.error == nil)
        pair.server.now = .seconds(59)
        updateKeys(1)
        pair.exchange()
        #expect(pair.server.error?.kind == .tooManyKeyUpdates)
    }

    @Test("The count begins anew with the next minute")
    func nextMinute() throws {
        for minute in 0..<3 {
            pair.server.now = .seconds(60 * minute)
            updateKeys(TLSSession.keyUpdateLimit)
            try pair.client.write([7])
            pair.exchange()
            #expect(pair.server.error == nil)
        }
        #expect(pair.server.received == [7, 7, 7])
    }

    @Test("A storm in one segment is stopped, and data behind it are not delivered")
    func storm() throws {
        updateKeys(2000)
        try pair.client.write([1, 2, 3])
        pair.server.receive(pair.client.take())
        #expect(pair.server.error?.kind == .tooManyKeyUpdates)
    }

    @Test("A storm with data between the updates is stopped as well")
    func stormWithData() throws {
        for _ in 0..<40 {
            updateKeys(1)
            try pair.client.write([1])
        }
        pair.server.receive(pair.client.take())
        #expect(pair.server.error?.kind == .tooManyKeyUpdates)
        #expect(pair.server.received.count <= TLSSession.keyUpdateLimit + 1)
    }

    private func updateKeys(_ count: Int, asksForAnswer: Bool = false) {
        let kind = asksForAnswer ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED
        for _ in 0..<count {
            #expect(SSL_key_update(pair.client.session.ssl, kind) == 1)
            #expect(SSL_do_handshake(pair.client.session.ssl) == 1)
        }
    }
}
