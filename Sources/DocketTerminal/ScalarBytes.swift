/// The bytes of an unfinished UTF-8 scalar.
struct ScalarBytes: Equatable, Sendable {
    /// What a further byte makes of the scalar.
    enum Progress: Equatable {
        case unfinished
        case finished(Unicode.Scalar)
        /// The bytes so far are no scalar, and the further byte is not one of them.
        case malformed
    }

    private var bytes: [UInt8]
    private let length: Int

    /// Begins a scalar of two to four bytes; nothing if no scalar begins so (RFC 3629, 4).
    init?(first: UInt8) {
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return nil
        }
        bytes = [first]
    }

    /// Takes a further byte.
    mutating func append(_ byte: UInt8) -> Progress {
        guard (0x80...0xBF).contains(byte) else { return .malformed }
        bytes.append(byte)
        guard bytes.count == length else { return .unfinished }
        let decoded = String(decoding: bytes, as: UTF8.self).unicodeScalars
        // Overlong forms and surrogates decode to several replacements: one stands for them.
        let scalar = decoded.count == 1 ? decoded.first : nil
        return .finished(scalar ?? "\u{FFFD}")
    }
}
