import DocketCrypto
import DocketTestSupport
import Testing

@Suite("Password hashes")
struct PasswordHashTests {
    /// As little work as the limits allow.
    static let quick = ScryptParameters(logarithmicCost: 4, blockSize: 1, parallelism: 1)

    @Test("A password matches its own hash and no other does")
    func matching() throws {
        var random = SeededRandom()
        let parameters = try #require(Self.quick)
        for password in ["correct horse", "", "ключ 🔑", String(repeating: "x", count: 5000)] {
            let hash = try PasswordHash(
                of: Secret(password),
                parameters: parameters,
                using: &random
            )
            let stored = try PasswordHash(hash.text)
            #expect(try stored.matches(Secret(password)))
            #expect(try !stored.matches(Secret(password + "x")))
            #expect(stored.parameters == parameters)
        }
    }

    @Test("The same password has another hash under another salt")
    func salts() throws {
        var random = SeededRandom()
        let parameters = try #require(Self.quick)
        let password = Secret("correct horse")
        let first = try PasswordHash(of: password, parameters: parameters, using: &random)
        let second = try PasswordHash(of: password, parameters: parameters, using: &random)
        #expect(first.text != second.text)
    }

    @Test("A key is the one of RFC 7914, section 12")
    func vector() throws {
        let salt = "U29kaXVtQ2hsb3JpZGU"
        let key =
            "cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw"
        let hash = try PasswordHash("$scrypt$ln=14,r=8,p=1$\(salt)$\(key)")
        #expect(try hash.matches(Secret("pleaseletmein")))
        #expect(hash.text == "$scrypt$ln=14,r=8,p=1$\(salt)$\(key)")
    }

    @Test("The standard costs 32 MiB and three rounds")
    func standard() {
        let standard = ScryptParameters.standard
        #expect(
            standard == ScryptParameters(logarithmicCost: 15, blockSize: 8, parallelism: 3)
        )
    }

    @Test(
        "A text of another form is malformed",
        arguments: [
            "", "$", "$$$$", "scrypt", "$argon2id$ln=4,r=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=4,r=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=4,p=1,r=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=+4,r=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=04,r=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=99999999999999999999,r=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=4,r=1,p=1$AAAAAAAAAAA=$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=4,r=1,p=1$AAAAAAAAAAB$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=4,r=1,p=1$AAAA AAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$scrypt$ln=4,r=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA$",
        ]
    )
    func malformed(text: String) {
        #expect(throws: PasswordHash.Failure.malformed) { try PasswordHash(text) }
    }

    @Test(
        "Parameters, salts and keys outside the limits are refused before anything is computed",
        arguments: [
            ("ln=0,r=1,p=1", 8, 16), ("ln=21,r=1,p=1", 8, 16), ("ln=4,r=0,p=1", 8, 16),
            ("ln=4,r=33,p=1", 8, 16), ("ln=4,r=1,p=0", 8, 16), ("ln=4,r=1,p=9", 8, 16),
            ("ln=-4,r=1,p=1", 8, 16), ("ln=20,r=8,p=1", 8, 16), ("ln=4,r=1,p=1", 7, 16),
            ("ln=4,r=1,p=1", 65, 16), ("ln=4,r=1,p=1", 8, 15), ("ln=4,r=1,p=1", 8, 65),
        ]
    )
    func limits(costs: String, saltLength: Int, keyLength: Int) {
        let text = "$scrypt$\(costs)$\(Self.zeros(saltLength))$\(Self.zeros(keyLength))"
        #expect(throws: PasswordHash.Failure.outsideLimits) { try PasswordHash(text) }
    }

    @Test("Parameters, salts and keys at the limits are read")
    func edges() throws {
        for costs in ["ln=1,r=1,p=1", "ln=15,r=32,p=8", "ln=17,r=8,p=8", "ln=20,r=1,p=8"] {
            for (salt, key) in [(8, 16), (64, 64)] {
                let text = "$scrypt$\(costs)$\(Self.zeros(salt))$\(Self.zeros(key))"
                #expect(try PasswordHash(text).text == text)
            }
        }
    }

    /// So many zero bytes in base64 without padding.
    private static func zeros(_ count: Int) -> String {
        String(repeating: "A", count: (count * 8 + 5) / 6)
    }
}
