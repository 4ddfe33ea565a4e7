internal import DocketCrypto
package import DocketStore

/// The hash of the log's audit, made by OpenSSL.
package enum AuditHashes {
    /// A hash with a context of its own, for one that hashes again and again.
    ///
    /// Others may use it at the same time; they wait for each other.
    package static func openSSL() -> AuditHash {
        let hasher = SHA256Hasher()
        return { bytes in Digest(words: hasher.digest(of: bytes).words) }
    }
}
