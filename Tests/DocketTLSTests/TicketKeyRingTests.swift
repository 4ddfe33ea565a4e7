import DocketCrypto
import DocketTestSupport
import Testing

@testable import DocketTLS

@Suite("Ticket keys")
struct TicketKeyRingTests {
    let start = TestCertificates.now

    @Test("A key is replaced when its period is over, and not a second before")
    func period() {
        var random = SeededRandom(seed: 1)
        let ring = TicketKeyRing(at: start, using: &random)
        let first = ring.keys
        let end = start + TicketKeyRing.period
        #expect(!ring.rotateIfDue(at: end + .seconds(-1), using: &random))
        #expect(ring.keys == first)
        #expect(ring.rotateIfDue(at: end, using: &random))
        #expect(ring.keys.previous == first.current)
        #expect(ring.keys.current != first.current)
        #expect(!ring.rotateIfDue(at: end, using: &random))
    }

    @Test("A key that is older than two periods is dropped at once")
    func longSilence() {
        var random = SeededRandom(seed: 1)
        let ring = TicketKeyRing(at: start, using: &random)
        #expect(ring.rotateIfDue(at: start + TicketKeyRing.period * 2, using: &random))
        #expect(ring.keys.previous == nil)
    }

    @Test("A ring survives its exported form, with one key and with two")
    func export() throws {
        var random = SeededRandom(seed: 1)
        let ring = TicketKeyRing(at: start, using: &random)
        for _ in 0..<2 {
            #expect(try TicketKeyRing(importing: ring.export()).keys == ring.keys)
            ring.rotateIfDue(at: start + TicketKeyRing.period, using: &random)
        }
    }

    @Test("An exported form that was cut, lengthened or is of another version is refused")
    func malformed() {
        var random = SeededRandom(seed: 1)
        let ring = TicketKeyRing(at: start, using: &random)
        ring.rotateIfDue(at: start + TicketKeyRing.period, using: &random)
        let bytes = ring.export().withBytes(Array.init(copying:))
        let older = [2] + bytes.dropFirst()
        for wrong in [[], [1], Array(bytes.dropLast()), bytes + [0], older] {
            #expect(throws: TicketKeyRing.ImportError.malformed) {
                try TicketKeyRing(importing: Secret(wrong))
            }
        }
    }
}
