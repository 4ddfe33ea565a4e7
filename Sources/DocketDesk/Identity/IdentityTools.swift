package import Foundation

/// The cryptography that identities need, given from outside: the desk has none of its own.
package struct IdentityTools: Sendable {
    /// SHA-256.
    package let digest: @Sendable (Data) -> Data
    /// So many bytes that nobody can guess.
    package let randomBytes: @Sendable (Int) -> Data
    /// Makes the encoded hash of a password, slowly, within a bounded pool; `nil` where the pool is
    /// full.
    package let hashPassword: @Sendable (String) async -> String?
    /// Whether a password belongs to an encoded hash; `nil` where the pool is full.
    package let verifyPassword: @Sendable (String, String) async -> Bool?

    /// Puts the tools together.
    package init(
        digest: @escaping @Sendable (Data) -> Data,
        randomBytes: @escaping @Sendable (Int) -> Data,
        hashPassword: @escaping @Sendable (String) async -> String?,
        verifyPassword: @escaping @Sendable (String, String) async -> Bool?
    ) {
        self.digest = digest
        self.randomBytes = randomBytes
        self.hashPassword = hashPassword
        self.verifyPassword = verifyPassword
    }
}
