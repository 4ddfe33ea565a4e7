/// Makes the SHA-256 digest of some bytes.
///
/// It is given from outside: neither the store nor the desk has cryptography of its own.
package typealias AuditHash = @Sendable (RawSpan) -> Digest
