internal import COpenSSL

/// What is stored of a password: a salted scrypt key, from which the password cannot be computed.
///
/// Its text form follows the password hashing competition's string format, so it carries the
/// parameters it was made with and old texts stay valid when the standard changes:
/// `$scrypt$ln=15,r=8,p=3$<salt>$<key>`, both in base64 without padding.
///
/// Hashing and verifying take a noticeable time and much memory on purpose. Callers do them in a
/// bounded pool, never on an event loop.
package struct PasswordHash: Sendable {
    /// Why a hash could not be made, read or compared.
    package enum Failure: Error, Equatable, Sendable {
        /// The text is not of the form above.
        case malformed
        /// The text's parameters, salt or key are outside the limits.
        case outsideLimits
        /// OpenSSL could not compute it, for lack of memory; with its words.
        case notComputed(String)
    }

    /// The lengths in bytes of a salt that is accepted from a text.
    package static let saltLengths = 8...64
    /// The lengths in bytes of a key that is accepted from a text.
    package static let keyLengths = 16...64

    /// The length in bytes of a new salt: enough to be unique (RFC 8018, section 4.1 asks for 8).
    private static let newSaltLength = 16
    private static let newKeyLength = 32

    /// What the computation costs.
    package let parameters: ScryptParameters

    private let salt: [UInt8]
    private let key: [UInt8]

    /// Hashes a password under a new salt.
    package init(
        of password: Secret,
        parameters: ScryptParameters = .standard,
        using generator: inout some RandomNumberGenerator
    ) throws(Failure) {
        self.parameters = parameters
        var salt: [UInt8] = []
        for _ in 0..<Self.newSaltLength {
            salt.append(UInt8.random(in: .min ... .max, using: &generator))
        }
        self.salt = salt
        key = try Self.computeKey(
            of: password,
            salt: salt,
            parameters: parameters,
            length: Self.newKeyLength
        )
    }

    /// Reads a stored text.
    package init(_ text: String) throws(Failure) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
            let numbers = Self.numbers(in: parts[2]),
            let salt = UnpaddedBase64.decode(parts[3]), let key = UnpaddedBase64.decode(parts[4])
        else { throw .malformed }
        guard Self.saltLengths.contains(salt.count), Self.keyLengths.contains(key.count),
            let parameters = ScryptParameters(
                logarithmicCost: numbers[0],
                blockSize: numbers[1],
                parallelism: numbers[2]
            )
        else { throw .outsideLimits }
        self.parameters = parameters
        self.salt = salt
        self.key = key
    }

    /// The text to store.
    package var text: String {
        let costs =
            "ln=\(parameters.logarithmicCost),r=\(parameters.blockSize),p=\(parameters.parallelism)"
        return "$scrypt$\(costs)$\(UnpaddedBase64.encode(salt))$\(UnpaddedBase64.encode(key))"
    }

    /// Whether this is the hash of a password; the comparison takes constant time.
    package func matches(_ password: Secret) throws(Failure) -> Bool {
        let computed = try Self.computeKey(
            of: password,
            salt: salt,
            parameters: parameters,
            length: key.count
        )
        return unsafe ConstantTime.areEqual(computed.span.bytes, key.span.bytes)
    }

    /// The values of `ln`, `r` and `p`, which stand in this order and in plain decimal digits.
    private static func numbers(in text: Substring) -> [Int]? {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == 3 else { return nil }
        var numbers: [Int] = []
        for (field, name) in zip(fields, ["ln=", "r=", "p="]) {
            let digits = field.dropFirst(name.count)
            guard field.hasPrefix(name), let number = Int(digits), String(number) == digits else {
                return nil
            }
            numbers.append(number)
        }
        return numbers
    }

    private static func computeKey(
        of password: Secret,
        salt: [UInt8],
        parameters: ScryptParameters,
        length: Int
    ) throws(Failure) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: length)
        ERR_clear_error()
        let status = password.withBytes { span in
            unsafe span.withUnsafeBytes { bytes in
                unsafe EVP_PBE_scrypt(
                    bytes.bindMemory(to: CChar.self).baseAddress,
                    bytes.count,
                    salt,
                    salt.count,
                    UInt64(parameters.cost),
                    UInt64(parameters.blockSize),
                    UInt64(parameters.parallelism),
                    UInt64(ScryptParameters.memoryLimit),
                    &key,
                    length
                )
            }
        }
        guard status == 1 else { throw .notComputed(OpenSSLErrors.drain()) }
        return key
    }
}
