import DocketCrypto
import Testing

@Suite("An id of version 7 sorts by its moment")
struct UUIDVersion7Tests {
    /// The example of RFC 9562, appendix A.6.
    private let text = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"

    @Test("The example of the RFC is read and written")
    func example() throws {
        let id = try #require(UUIDVersion7(text))
        #expect(id.description == text)
        #expect(id.milliseconds == 0x017F_22E2_79B0)
        #expect(UUIDVersion7(bytes: id.bytes) == id)
        #expect(UUIDVersion7(text.uppercased()) == id)
    }

    @Test("Version and variant stand in every new id, and later ones sort later")
    func new() throws {
        var random = SystemRandomNumberGenerator()
        let ids = (1...100).map { UUIDVersion7(at: $0, random: &random) }
        #expect(ids == ids.sorted())
        #expect(ids.map(\.milliseconds) == Array(1...100))
        #expect(ids.allSatisfy { $0.bytes[6] >> 4 == 7 && $0.bytes[8] >> 6 == 0b10 })
    }

    @Test(
        "What is no id is none",
        arguments: [
            "", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e279b07cc398c4dc0c0c07398f",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e-279b0-7cc3-98c4-dc0c0c07398f",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398f-", "é17f22e2-79b0-7cc3-98c4-dc0c0c0739f",
        ]
    )
    func malformed(text: String) {
        #expect(UUIDVersion7(text) == nil)
    }

    @Test("Fifteen bytes are none, and neither are seventeen")
    func lengths() {
        #expect(UUIDVersion7(bytes: [UInt8](repeating: 1, count: 15)) == nil)
        #expect(UUIDVersion7(bytes: [UInt8](repeating: 1, count: 17)) == nil)
    }
}
