/// A key of an integration or a partner, without its secret.
public struct AccessKey: Hashable, Sendable {
    /// The key's id: 16 hexadecimal digits, the second part of the key's text.
    public let keyID: String
    /// The integration or partner whose key it is.
    public let owner: Party
    /// When it was made.
    public let createdAt: Timestamp
    /// The channel that an integration serves; nil for a partner.
    public internal(set) var channel: String?
    /// When it last opened a session; nil for never, or before this was recorded.
    public internal(set) var lastUsedAt: Timestamp?
    /// When it ends by itself; nil where it does not.
    public internal(set) var expiresAt: Timestamp?
    /// When it was revoked; nil where it was not.
    public internal(set) var revokedAt: Timestamp?

    init(keyID: String, owner: Party, createdAt: Timestamp) {
        self.keyID = keyID
        self.owner = owner
        self.createdAt = createdAt
    }
}

/// A key that was just made.
///
/// Whoever has its text is its owner: keep it like a password. Its description does not show it.
public struct NewKey: Hashable, Sendable {
    /// The key, for `Credential.apiKey`.
    ///
    /// It is told once; nil where the answer that had it was lost on the way, and this one is of a
    /// repetition: make another with `Administration.rotateKey(of:grace:command:)`.
    public let text: String?
    /// The key's own id, which is no secret; nil where it is not told.
    public let keyID: String?
    /// The integration or partner whose key it is.
    public let owner: Party

    init(text: String?, keyID: String? = nil, owner: Party) {
        self.text = text
        self.keyID = keyID ?? text.flatMap(Self.keyID)
        self.owner = owner
    }

    /// The middle part of `docket_KEYID_SECRET`.
    private static func keyID(of text: String) -> String? {
        let parts = text.split(separator: "_", maxSplits: 2)
        return parts.count == 3 ? String(parts[1]) : nil
    }
}

extension NewKey: CustomStringConvertible, CustomReflectable {
    /// Whose key it is, and nothing of the secret.
    public var description: String { "key \(keyID ?? "") of \(owner.name)" }

    /// The parts that are no secret.
    public var customMirror: Mirror {
        Mirror(self, children: ["keyID": keyID as Any, "owner": owner])
    }
}
