import COpenSSL
import DocketCrypto
import DocketTestSupport
import Testing

@testable import DocketTLS

@Suite("Bytes over a TLS session")
struct TransferTests {
    let fixture: TLSFixture

    init() throws {
        fixture = try TLSFixture()
    }

    @Test(
        "What is written on one side is read on the other",
        arguments: [0, 1, 100, 16_383, 16_384, 16_385, 1 << 20]
    )
    func lengths(count: Int) throws {
        let pair = try fixture.pair()
        var random = SeededRandom()
        let sent = random.bytes(count: count)
        try pair.client.write(sent)
        try pair.server.write(sent)
        pair.exchange()
        #expect(pair.server.hasReceived(sent), "\(random.replay)")
        #expect(pair.client.hasReceived(sent), "\(random.replay)")
    }

    @Test(
        "Every way to cut the ciphertext gives the same plaintext",
        arguments: TLSVersion.allCases
    )
    func cuts(version: TLSVersion) throws {
        var random = SeededRandom()
        let sent = random.bytes(count: 40_000)
        var cutter = SeededRandom(seed: random.next())
        let atRandom: ([UInt8]) -> [[UInt8]] = { bytes in
            var pieces: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...700, using: &cutter)
                pieces.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            return pieces
        }
        for chop in [bytewise, atRandom] {
            let client = try fixture.client {
                $0.minimumVersion = version
                $0.maximumVersion = version
            }
            let server = try fixture.server { $0.minimumVersion = version }
            let pair = try fixture.pair(client: client, server: server, chop: chop)
            #expect(pair.server.session.peer?.version == version)
            try pair.client.write(sent)
            try pair.server.write(sent)
            pair.exchange(chop: chop)
            #expect(pair.server.hasReceived(sent), "\(random.replay)")
            #expect(pair.client.hasReceived(sent), "\(random.replay)")
            #expect(pair.server.session.heldCiphertextCount == 0)
        }
    }

    @Test("Room for one byte of plaintext at a time is enough", arguments: [1, 2, 99, 100, 101])
    func smallOutput(capacity: Int) throws {
        let pair = try fixture.pair()
        var random = SeededRandom()
        let sent = random.bytes(count: 100) + random.bytes(count: 20_000)
        try pair.client.write(Array(sent[..<100]))
        try pair.client.write(Array(sent[100...]))
        pair.server.capacity = capacity
        pair.exchange()
        #expect(pair.server.hasReceived(sent), "\(random.replay)")
    }

    @Test("Without room for plaintext nothing is lost")
    func noOutput() throws {
        let pair = try fixture.pair()
        try pair.client.write([1, 2, 3])
        pair.server.capacity = 0
        let receipt = pair.server.step(pair.client.take())
        #expect(receipt.ending == .outputFull && receipt.plaintextCount == 0)
        pair.server.capacity = 100
        #expect(pair.server.step([]).ending == .drained)
        #expect(pair.server.received == [1, 2, 3])
    }

    @Test("Pending ciphertext can be taken one byte at a time")
    func smallTake() throws {
        let pair = try fixture.pair()
        try pair.client.write([UInt8](repeating: 7, count: 1000))
        let count = pair.client.session.pendingCiphertextCount
        let taken = pair.client.take(portion: 1)
        #expect(taken.count == count && pair.client.session.pendingCiphertextCount == 0)
        pair.server.receive(taken)
        #expect(pair.server.received.count == 1000)
    }

    @Test("Many writes become one read when they arrive together")
    func together() throws {
        let pair = try fixture.pair()
        for number in 0..<200 {
            try pair.client.write([UInt8](repeating: UInt8(number), count: 100))
        }
        let receipt = pair.server.step(pair.client.take())
        #expect(receipt.plaintextCount == 20_000 && receipt.ending == .drained)
    }

    @Test("A joined write makes as few records as the record limit allows")
    func records() throws {
        let pair = try fixture.pair()
        try pair.client.write([UInt8](repeating: 0, count: 3 * TLSSession.recordLimit))
        // In TLS 1.3 a record adds a header of 5 bytes, a content type and a tag of 16.
        #expect(pair.client.take().count == 3 * (TLSSession.recordLimit + 22))
    }

    @Test("Data in the same segment as the client's Finished are delivered")
    func dataWithFinished() throws {
        let pair = try TLSPair(client: fixture.client(), server: fixture.server())
        pair.server.receive(pair.client.take())
        pair.client.receive(pair.server.take())
        #expect(pair.client.session.state == .established)
        try pair.client.write([1, 2, 3])
        let receipt = pair.server.step(pair.client.take())
        #expect(
            receipt
                == TLSReceipt(plaintextCount: 3, completedHandshake: true, ending: .drained)
        )
        #expect(pair.server.received == [1, 2, 3])
    }

    @Test("Data in the same segment as the server's ticket are delivered")
    func dataWithTicket() throws {
        let pair = try TLSPair(client: fixture.client(), server: fixture.server())
        pair.server.receive(pair.client.take())
        pair.client.receive(pair.server.take())
        pair.server.receive(pair.client.take())
        try pair.server.write([4, 5, 6])
        pair.client.receive(pair.server.take())
        #expect(pair.client.received == [4, 5, 6])
    }

    @Test("An owner that never reads is stopped at the limit and not before")
    func backlog() throws {
        let pair = try fixture.pair()
        pair.server.capacity = 0
        let limit = TLSSession.heldCiphertextLimit
        pair.server.step([UInt8](repeating: 0, count: limit))
        #expect(pair.server.session.heldCiphertextCount == limit)
        #expect(pair.server.error == nil)
        pair.server.step([0])
        #expect(pair.server.error?.kind == .backlogTooLong)
    }

    @Test("A changed byte anywhere in a record ends both sides")
    func tampering() throws {
        var random = SeededRandom()
        let client = try fixture.client()
        let server = try fixture.server()
        for _ in 0..<50 {
            let pair = try fixture.pair(client: client, server: server)
            try pair.client.write([UInt8](repeating: 1, count: 50))
            var record = pair.client.take()
            // The length in the header would only make the server wait for more.
            let index = Int.random(in: 5..<record.count, using: &random)
            record[index] ^= UInt8.random(in: 1...255, using: &random)
            pair.server.receive(record)
            #expect(pair.server.error?.kind == .protocolViolation, "\(random.replay)")
            #expect(pair.server.received.isEmpty)
            pair.exchange()
            #expect(pair.client.error?.kind == .peerAlert(code: 20))
        }
    }

    @Test("Good bytes before a bad record are delivered with the failure")
    func goodBeforeBad() throws {
        let pair = try fixture.pair()
        try pair.client.write([1, 2, 3])
        let good = pair.client.take()
        let receipt = pair.server.step(good + [23, 3, 3, 0, 20] + [UInt8](repeating: 9, count: 20))
        #expect(receipt.plaintextCount == 3)
        #expect(pair.server.error?.kind == .protocolViolation)
        #expect(pair.server.received == [1, 2, 3])
    }

    @Test("A record that is delivered twice ends the session")
    func replay() throws {
        let pair = try fixture.pair()
        try pair.client.write([1, 2, 3])
        let record = pair.client.take()
        pair.server.receive(record + record)
        #expect(pair.server.error?.kind == .protocolViolation)
        #expect(pair.server.received == [1, 2, 3])
    }

    @Test("A record beyond the protocol's length is refused at its header")
    func longRecord() throws {
        let pair = try fixture.pair()
        pair.server.receive([23, 3, 3, 0x41, 0x01])
        #expect(pair.server.error?.kind == .protocolViolation)
    }

    @Test("Another session's failure on the same thread changes nothing")
    func poisonedErrors() throws {
        let healthy = try TLSPair(client: fixture.client(), server: fixture.server())
        for _ in 0..<3 {
            let failing = TLSEnd(try TLSSession(server: try fixture.server()))
            failing.receive(Array("GET / HTTP/1.1\r\n\r\n".utf8))
            Self.poisonErrorQueue()
            healthy.exchange()
            Self.poisonErrorQueue()
            try healthy.client.write([1])
            Self.poisonErrorQueue()
            try healthy.server.write([2])
            Self.poisonErrorQueue()
            healthy.exchange()
        }
        #expect(healthy.client.received == [2, 2, 2] && healthy.server.received == [1, 1, 1])
        Self.poisonErrorQueue()
        healthy.client.session.close()
        Self.poisonErrorQueue()
        healthy.exchange()
        #expect(healthy.server.session.state == .closedByPeer)
    }

    @Test("Buffers can be given back at any time, and traffic goes on")
    func releasedBuffers() throws {
        let pair = try TLSPair(client: fixture.client(), server: fixture.server())
        for _ in 0..<6 {
            pair.server.session.releaseIdleBuffers()
            pair.client.session.releaseIdleBuffers()
            pair.server.receive(pair.client.take())
            pair.server.session.releaseIdleBuffers()
            pair.client.session.releaseIdleBuffers()
            pair.client.receive(pair.server.take())
        }
        var random = SeededRandom()
        let sent = random.bytes(count: 50_000)
        try pair.client.write(sent)
        for piece in pair.client.take().split(every: 999) {
            pair.server.step(piece)
            pair.server.session.releaseIdleBuffers()
        }
        #expect(pair.server.hasReceived(sent), "\(random.replay)")
    }

    /// Leaves an error in this thread's queue, as careless code would.
    private static func poisonErrorQueue() {
        _ = X509_NAME_add_entry_by_txt(nil, "poison", 0, nil, 0, 0, 0)
    }
}
