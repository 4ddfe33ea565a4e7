package import Foundation

/// SHA-256 of an entry's event, or a value of the chain over such digests.
///
/// It is kept in four words, so that the hot path of the log needs no allocation for it.
package struct AuditDigest: Hashable, Sendable {
    /// How many bytes a digest has (FIPS 180-4).
    package static let byteCount = 32
    /// No digest: what stands before the first entry.
    package static let zero = AuditDigest(words: (0, 0, 0, 0))

    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// Takes the four words that have the digest's bytes in memory.
    package init(words: (UInt64, UInt64, UInt64, UInt64)) {
        (first, second, third, fourth) = words
    }

    /// Takes a digest from its bytes; `nil` for any other length.
    package init?(_ bytes: Data) {
        guard bytes.count == Self.byteCount else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &words) { target in
            _ = unsafe bytes.copyBytes(to: target)
        }
        self.init(words: words)
    }

    /// The four words that have the digest's bytes in memory.
    package var words: (UInt64, UInt64, UInt64, UInt64) { (first, second, third, fourth) }

    /// The digest's bytes.
    package var data: Data { unsafe withUnsafeBytes(of: words) { unsafe Data($0) } }
}

/// Makes the SHA-256 digest of some bytes.
///
/// It is given from outside: neither the store nor the desk has cryptography of its own.
package typealias AuditHash = @Sendable (RawSpan) -> AuditDigest
