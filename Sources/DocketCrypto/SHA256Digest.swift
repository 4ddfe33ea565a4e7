/// The 32 bytes of a SHA-256 digest.
///
/// Kept in four words, so that a digest needs no allocation and can be the key of a dictionary.
package struct SHA256Digest: Hashable, Sendable {
    /// The length of a digest in bytes (FIPS 180-4).
    package static let byteCount = 32

    /// The four words that have the digest's bytes in memory.
    package private(set) var words: (UInt64, UInt64, UInt64, UInt64)

    /// Makes a digest from bytes that were stored or received; nil unless there are exactly 32.
    package init?(bytes: RawSpan) {
        guard bytes.byteCount == Self.byteCount else { return nil }
        unsafe self.init { (target: UnsafeMutableRawBufferPointer) in
            unsafe bytes.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
        }
    }

    /// Lets a function of the library write the digest in place.
    init(writtenBy write: (UnsafeMutableRawBufferPointer) -> Void) {
        words = (0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &words) { unsafe write($0) }
    }

    /// The digest as an array of 32 bytes.
    package var bytes: [UInt8] {
        unsafe withUnsafeBytes(of: words) { unsafe Array($0) }
    }

    /// Compares in constant time, since digests stand in for secrets.
    package static func == (left: SHA256Digest, right: SHA256Digest) -> Bool {
        let difference =
            (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1)
            | (left.words.2 ^ right.words.2) | (left.words.3 ^ right.words.3)
        return difference == 0
    }

    /// Feeds all bytes to the hasher.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

extension SHA256Digest: CustomStringConvertible {
    /// The digest in lower-case hexadecimal digits.
    package var description: String { bytes.hexadecimal }
}
