import COpenSSL
import DocketCrypto
import DocketTestSupport
import Testing

@testable import DocketTLS

@Suite("The end of a TLS session")
struct ClosingTests {
    let fixture: TLSFixture

    init() throws {
        fixture = try TLSFixture()
    }

    @Test("A close is announced, and what was written before it arrives")
    func orderlyClose() throws {
        let pair = try fixture.pair()
        try pair.client.write([1, 2, 3])
        pair.client.session.close()
        let receipt = pair.server.step(pair.client.take())
        #expect(receipt.plaintextCount == 3 && receipt.ending == .closed)
        #expect(pair.server.received == [1, 2, 3])
        #expect(pair.server.session.state == .closedByPeer)
        #expect(pair.server.session.receivedEndOfInput() == nil)
    }

    @Test("A close behind more plaintext than fits is found when the rest is read")
    func closeBehindData() throws {
        let pair = try fixture.pair()
        try pair.client.write([UInt8](repeating: 1, count: 100))
        pair.client.session.close()
        pair.server.capacity = 60
        #expect(pair.server.step(pair.client.take()).ending == .outputFull)
        let rest = pair.server.step([])
        #expect(rest.plaintextCount == 40 && rest.ending == .closed)
    }

    @Test("The end of input without a close is a failure, in every open state")
    func truncation() throws {
        let idle = TLSEnd(try TLSSession(server: try fixture.server()))
        #expect(idle.session.receivedEndOfInput()?.kind == .truncated)
        let pair = try fixture.pair()
        #expect(pair.client.session.receivedEndOfInput()?.kind == .truncated)
        #expect(pair.client.session.state == .failed(TLSError(.truncated)))
        #expect(throws: TLSError(.truncated)) { try pair.client.write([1]) }
        try pair.server.write([1])
        #expect(pair.client.step(pair.server.take()).ending == .failed(TLSError(.truncated)))
    }

    @Test("A record that was cut in the middle counts as truncated")
    func cutRecord() throws {
        let pair = try fixture.pair()
        try pair.client.write([1, 2, 3])
        pair.server.receive(Array(pair.client.take().dropLast()))
        #expect(pair.server.received.isEmpty)
        #expect(pair.server.session.receivedEndOfInput()?.kind == .truncated)
    }

    @Test("Whatever follows a close is ignored")
    func garbageAfterClose() throws {
        var random = SeededRandom()
        let pair = try fixture.pair()
        pair.client.session.close()
        pair.server.receive(pair.client.take() + random.bytes(count: 5000))
        #expect(pair.server.session.state == .closedByPeer)
        pair.server.receive(random.bytes(count: 5000))
        #expect(pair.server.session.state == .closedByPeer)
        #expect(pair.server.received.isEmpty)
        #expect(pair.server.session.heldCiphertextCount == 0)
    }

    @Test("A side whose peer has closed may still answer")
    func halfClose() throws {
        let pair = try fixture.pair()
        pair.client.session.close()
        pair.server.receive(pair.client.take())
        try pair.server.write([1, 2, 3])
        pair.server.session.close()
        #expect(pair.server.session.state == .closed)
        #expect(pair.server.session.pendingCiphertextCount > 0)
    }

    @Test("After our close nothing is written, and what arrives is ignored")
    func closed() throws {
        let pair = try fixture.pair()
        try pair.client.write([1, 2, 3])
        pair.server.session.close()
        #expect(throws: TLSError(.notWritable)) { try pair.server.write([1]) }
        #expect(pair.server.step(pair.client.take()).ending == .closed)
        #expect(pair.server.received.isEmpty)
        #expect(pair.server.session.receivedEndOfInput() == nil)
    }

    @Test("A session can be closed in every state, and more than once")
    func closeInEveryState() throws {
        for stage in Stage.allCases {
            for closesClient in [true, false] {
                let pair = try pair(at: stage)
                let end = closesClient ? pair.client : pair.server
                end.session.close()
                let state = end.session.state
                end.session.close()
                #expect(end.session.state == state)
                #expect(throws: TLSError.self) { try end.write([1]) }
                pair.exchange()
                end.session.releaseIdleBuffers()
            }
        }
    }

    @Test("A session can be dropped in every state")
    func dropInEveryState() throws {
        for stage in Stage.allCases {
            _ = try pair(at: stage)
        }
    }

    @Test("A failure is final: the same error from every call, and its alert is still sent")
    func failure() throws {
        let pair = try pair(at: .failed)
        let error = try #require(pair.server.error)
        #expect(error.kind == .protocolViolation)
        #expect(pair.server.step([1, 2, 3]).ending == .failed(error))
        #expect(throws: error) { try pair.server.write([1]) }
        #expect(pair.server.session.receivedEndOfInput() == error)
        pair.server.session.close()
        pair.client.receive(pair.server.take())
        #expect(pair.client.error?.kind == .peerAlert(code: 20))
        #expect(pair.client.session.pendingCiphertextCount == 0)
    }

    @Test(
        "Errors have stable names",
        arguments: [
            (TLSError.Kind.certificateInvalid(.expired), "certificate_expired"),
            (.certificateInvalid(.unknownAuthority), "certificate_unknown_authority"),
            (.hostnameMismatch, "hostname_mismatch"),
            (.certificateRequired, "certificate_required"),
            (.noApplicationProtocol, "no_application_protocol"),
            (.unsupportedVersion, "unsupported_version"),
            (.noSharedAlgorithm, "no_shared_algorithm"),
            (.notTLS, "not_tls"), (.protocolViolation, "protocol_violation"),
            (.peerAlert(code: 48), "peer_alert_48"), (.truncated, "truncated"),
            (.tooManyKeyUpdates, "too_many_key_updates"), (.backlogTooLong, "backlog_too_long"),
            (.notWritable, "not_writable"), (.internalFailure, "internal_failure"),
        ]
    )
    func names(kind: TLSError.Kind, name: String) {
        #expect(kind.name == name)
        #expect(TLSError(kind).description == name)
        #expect(TLSError(kind, detail: "why").description == name + ": why")
    }

    /// How far a pair has come.
    enum Stage: CaseIterable {
        case fresh
        case helloReceived
        case flightReceived
        case established
        case dataPending
        case partialRecord
        case closedByClient
        case closedByBoth
        case truncated
        case failed
    }

    private func pair(at stage: Stage) throws -> TLSPair {
        let pair = try TLSPair(client: fixture.client(), server: fixture.server())
        if stage == .fresh { return pair }
        pair.server.receive(pair.client.take())
        if stage == .helloReceived { return pair }
        pair.client.receive(pair.server.take())
        if stage == .flightReceived { return pair }
        pair.exchange()
        switch stage {
        case .fresh, .helloReceived, .flightReceived, .established:
            break
        case .dataPending:
            try pair.client.write([UInt8](repeating: 1, count: 100_000))
        case .partialRecord:
            try pair.client.write([1])
            pair.server.receive(Array(pair.client.take().dropLast()))
        case .closedByClient:
            pair.client.session.close()
            pair.exchange()
        case .closedByBoth:
            pair.client.session.close()
            pair.server.session.close()
            pair.exchange()
        case .truncated:
            _ = pair.client.session.receivedEndOfInput()
            _ = pair.server.session.receivedEndOfInput()
        case .failed:
            pair.server.receive([23, 3, 3, 0, 20] + [UInt8](repeating: 9, count: 20))
        }
        return pair
    }
}
