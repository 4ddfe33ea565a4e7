/// What signs somebody in again without a secret, until the session ends.
///
/// Whoever has it is signed in: keep it like a password. Its description never shows it.
public struct SessionToken: Hashable, Sendable {
    /// The longest token, in bytes.
    public static let maximumLength = 256

    /// The token.
    public let bytes: [UInt8]
    /// When the session ends at the latest, by the clock of this machine.
    public let expiresAt: Timestamp

    /// Takes a token from what was kept of it; nil for one without bytes, or too many.
    public init?(bytes: [UInt8], expiresAt: Timestamp) {
        guard (1...Self.maximumLength).contains(bytes.count) else { return nil }
        self.bytes = bytes
        self.expiresAt = expiresAt
    }
}

extension SessionToken: CustomStringConvertible {
    /// That it is one, and nothing of it.
    public var description: String { "session" }
}
