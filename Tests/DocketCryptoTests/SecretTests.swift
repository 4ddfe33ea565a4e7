import DocketCrypto
import DocketTestSupport
import Testing

@Suite("Secrets and randomness")
struct SecretTests {
    @Test("A secret is never printed")
    func printing() {
        let secret = Secret("swordfish")
        var dumped = ""
        dump(["key": secret], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped, "\([secret])"] {
            #expect(text.contains("***"))
            #expect(!text.contains("swordfish") && !text.contains("115"))
        }
    }

    @Test("A secret lends its bytes and compares by them")
    func bytes() {
        let secret = Secret("abc")
        #expect(secret.withBytes { $0.byteCount } == 3)
        #expect(secret.byteCount == 3)
        #expect(secret == Secret([0x61, 0x62, 0x63]))
        #expect(secret != Secret("abd") && secret != Secret("ab"))
    }

    @Test("Random bytes come in the number asked for and do not repeat")
    func randomness() throws {
        for count in [0, 1, 16, 4096] {
            #expect(try SecureRandom.bytes(count: count).count == count)
        }
        var random = try SecureRandom()
        let numbers = Set((0..<1000).map { _ in random.next() })
        #expect(numbers.count == 1000)
    }
}
