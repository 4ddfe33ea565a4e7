internal import COpenSSL

/// Comparisons whose duration tells nothing about the values compared.
package enum ConstantTime {
    /// Whether two byte sequences are equal; only their lengths influence the time taken.
    package static func areEqual(_ left: RawSpan, _ right: RawSpan) -> Bool {
        guard left.byteCount == right.byteCount else { return false }
        return unsafe left.withUnsafeBytes { leftBytes in
            unsafe right.withUnsafeBytes { rightBytes in
                unsafe CRYPTO_memcmp(leftBytes.baseAddress, rightBytes.baseAddress, leftBytes.count)
                    == 0
            }
        }
    }
}
