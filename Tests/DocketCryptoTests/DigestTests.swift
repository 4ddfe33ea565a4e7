import DocketCrypto
import DocketTestSupport
import Testing

@Suite("Digests")
struct DigestTests {
    @Test(
        "SHA-256 gives the values of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ]
    )
    func vectors(text: String, digest: String) {
        #expect(Self.digest(Array(text.utf8)).description == digest)
    }

    @Test("A digest made piece by piece equals the digest made at once")
    func pieces() {
        var random = SeededRandom()
        for _ in 0..<100 {
            let bytes = random.bytes(count: Int.random(in: 0...500, using: &random))
            var digest = SHA256()
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = Array(rest.prefix(Int.random(in: 0...100, using: &random)))
                digest.update(piece.span.bytes)
                rest = rest.dropFirst(piece.count)
            }
            let whole = Self.digest(bytes)
            #expect(digest.finish() == whole, "\(random.replay)")
        }
    }

    @Test("A digest that is dropped unfinished leaves nothing behind")
    func unfinished() {
        var digest = SHA256()
        let bytes: [UInt8] = [1, 2, 3]
        digest.update(bytes.span.bytes)
    }

    @Test("A digest survives the way through its bytes, which must be 32")
    func bytes() {
        let digest = Self.digest(Array("abc".utf8))
        #expect(Self.read(digest.bytes) == digest)
        #expect(Self.read(digest.bytes.dropLast()) == nil)
        #expect(Self.read(digest.bytes + [0]) == nil)
    }

    @Test("Digests that differ in any one bit are unequal")
    func inequality() {
        let bytes = Self.digest(Array("abc".utf8)).bytes
        for bit in 0..<256 {
            var changed = bytes
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(Self.read(changed) != Self.read(bytes))
        }
    }

    @Test(
        "HMAC-SHA-256 gives the values of RFC 4231",
        arguments: [
            (
                [UInt8](repeating: 0x0B, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                [UInt8]("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xAA, count: 131),
                "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
            ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
        ]
    )
    func authentication(key: [UInt8], text: String, code: String) {
        let bytes = Array(text.utf8)
        let made = HMACSHA256.code(for: bytes.span.bytes, key: Secret(key))
        #expect(made.description == code)
    }

    @Test("Comparison in constant time finds a difference anywhere, and one of length")
    func comparison() {
        let bytes = [UInt8](0..<100)
        #expect(Self.areEqual(bytes, bytes))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x80
            #expect(!Self.areEqual(bytes, changed))
        }
        #expect(!Self.areEqual(bytes, bytes.dropLast()))
        #expect(Self.areEqual([], []))
    }

    // Expectations cannot hold spans, so arrays are lent here.

    private static func digest(_ bytes: [UInt8]) -> SHA256Digest {
        SHA256.digest(of: bytes.span.bytes)
    }

    private static func read(_ bytes: [UInt8]) -> SHA256Digest? {
        SHA256Digest(bytes: bytes.span.bytes)
    }

    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        ConstantTime.areEqual(left.span.bytes, right.span.bytes)
    }
}
