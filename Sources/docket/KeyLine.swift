internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// A key as a line of JSON and as a row of a table; never its secret.
struct KeyLine: Encodable {
    let v = JSONLine.version
    let type = "key"
    /// The key's own id.
    let keyID: String
    /// The id of the integration or partner.
    let id: String
    let name: String
    let kind: String
    let channel: String?
    let created: String
    let lastUsed: String?
    let expires: String?
    let revoked: String?

    enum CodingKeys: String, CodingKey {
        case v, type, id, name, kind, channel, created, expires, revoked
        case keyID = "key_id"
        case lastUsed = "last_used"
    }

    init(_ key: AccessKey) {
        let owner = key.owner
        keyID = key.keyID
        id = owner.id.map { "\($0)" } ?? ""
        name = owner.name
        kind = owner.kind.rawValue
        channel = key.channel
        created = LocalCalendar.rfc3339(key.createdAt)
        lastUsed = key.lastUsedAt.map(LocalCalendar.rfc3339)
        expires = key.expiresAt.map(LocalCalendar.rfc3339)
        revoked = key.revokedAt.map(LocalCalendar.rfc3339)
    }

    /// The row's cells.
    var cells: [String] {
        let served = channel.map { "\(kind) (\($0))" } ?? kind
        let state = revoked.map { "revoked \($0)" } ?? expires.map { "until \($0)" } ?? ""
        return [name, served, keyID, created, lastUsed ?? "never", state, id]
    }
}
