package import DocketDomain
package import Foundation

/// A SHA-256 digest, made by the caller: the store and the desk compare digests and never make
/// them.
package struct Digest: Hashable, Sendable {
    /// The 32 bytes.
    package let bytes: Data

    /// How many bytes a digest has.
    package static let byteCount = 32

    /// The digest of nothing that anybody sends: 32 zeros.
    package static let zero = Digest(zeros: Data(count: byteCount))

    private init(zeros: Data) { bytes = zeros }

    /// Takes a digest; `nil` for any other length.
    package init?(_ bytes: Data) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// What names the session whose token has this digest.
    package var sessionID: SessionID {
        guard let id = SessionID(bytes) else { preconditionFailure("a digest has 32 bytes") }
        return id
    }

    /// Compares in a time that does not depend on where two digests differ.
    package func matches(_ other: Digest) -> Bool {
        var difference: UInt8 = 0
        for (left, right) in zip(bytes, other.bytes) { difference |= left ^ right }
        return difference == 0
    }
}
