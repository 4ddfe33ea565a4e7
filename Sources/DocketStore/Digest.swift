package import DocketDomain
package import Foundation

/// A SHA-256 digest, made by the caller: the store and the desk compare digests, and have no
/// cryptography of their own.
///
/// It is kept in four words, so that the way of a command needs no allocation for it.
package struct Digest: Hashable, Sendable {
    /// How many bytes a digest has (FIPS 180-4).
    package static let byteCount = 32
    /// The digest of nothing that anybody sends, and what stands before the first entry of the log:
    /// 32 zeros.
    package static let zero = Digest(words: (0, 0, 0, 0))

    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// Takes the four words that have the digest's bytes in memory.
    package init(words: (UInt64, UInt64, UInt64, UInt64)) {
        (first, second, third, fourth) = words
    }

    /// Takes a digest from its bytes; `nil` for any other length.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &words) { unsafe $0.copyBytes(from: bytes) }
        self.init(words: words)
    }

    /// The four words that have the digest's bytes in memory.
    package var words: (UInt64, UInt64, UInt64, UInt64) { (first, second, third, fourth) }

    /// The digest's bytes.
    package var data: Data { unsafe withUnsafeBytes(of: words) { unsafe Data($0) } }

    /// What names the session whose token has this digest.
    package var sessionID: SessionID {
        SessionID(high: first.bigEndian, low: second.bigEndian)
    }

    /// Compares in a time that does not depend on where two digests differ.
    package func matches(_ other: Digest) -> Bool {
        (first ^ other.first) | (second ^ other.second) | (third ^ other.third)
            | (fourth ^ other.fourth) == 0
    }
}
