import DocketDomain
import Testing

@Suite("Ids")
struct IdentifierTests {
    @Test("An id survives its bytes and its text")
    func roundTrip() {
        var random = SystemRandomNumberGenerator()
        for milliseconds: UInt64 in [0, 1, 1_800_000_000_000, (1 << 48) - 1] {
            let id = MessageID(at: Timestamp(milliseconds: milliseconds), random: &random)
            #expect(MessageID(bytes: id.bytes) == id)
            #expect(MessageID(bytes: id.bytes.lazy.map { $0 }) == id)
            #expect(MessageID(id.description) == id)
            #expect(MessageID(id.description.uppercased()) == id)
        }
    }

    @Test("Ids made later sort later")
    func order() {
        var random = SystemRandomNumberGenerator()
        let ids = (0..<100).map { step in
            MessageID(at: Timestamp(milliseconds: 1_000 + step), random: &random)
        }
        #expect(ids == ids.sorted())
    }

    @Test("Bytes of another length, version or variant are no id")
    func refusals() {
        var random = SystemRandomNumberGenerator()
        let bytes = MessageID(at: Timestamp(milliseconds: 5), random: &random).bytes
        #expect(MessageID(bytes: bytes.dropLast()) == nil)
        #expect(MessageID(bytes: bytes + [0]) == nil)
        #expect(MessageID(bytes: [UInt8]()) == nil)
        var version4 = bytes
        version4[6] = 0x40
        #expect(MessageID(bytes: version4) == nil)
        var variant = bytes
        variant[8] = 0xC0
        #expect(MessageID(bytes: variant) == nil)
    }

    @Test(
        "Text that is no UUID of version 7 is no id",
        arguments: [
            "", "0190a000-0000-7000-8000-00000000000", "0190a00000007000800000000000000000000",
            "0190a000-0000-7000-8000-00000000000g", "0190a000_0000-7000-8000-000000000000",
            "0190a000-0000-4000-8000-000000000000", "ä190a000-0000-7000-8000-00000000000",
        ]
    )
    func refusedText(text: String) {
        #expect(MessageID(text) == nil)
    }

    @Test("Moments stay in range whatever is added to them")
    func moments() {
        let moment = Timestamp(milliseconds: .max)
        #expect(moment + .seconds(Int64.max) == moment)
        #expect(Timestamp(milliseconds: 5) + .seconds(-10) == Timestamp(milliseconds: 0))
        #expect(
            Timestamp(milliseconds: 5) + .seconds(Int64.min) == Timestamp(milliseconds: 0)
        )
        #expect(Timestamp(milliseconds: 5) + .milliseconds(7) == Timestamp(milliseconds: 12))
        #expect(Timestamp(milliseconds: 12).since(Timestamp(milliseconds: 5)) == .milliseconds(7))
    }
}
