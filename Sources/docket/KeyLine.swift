internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketMessages

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

    init(_ key: Docket_V1_ListKeysReply.Key) {
        let owner = Party(key.principal)
        keyID = key.keyID
        id = owner.id.map { "\($0)" } ?? ""
        name = owner.name
        kind = owner.kind.rawValue
        channel = key.channel.isEmpty ? nil : key.channel
        created = LocalCalendar.rfc3339(milliseconds: key.createdMilliseconds)
        lastUsed =
            key.hasLastUsedMilliseconds
            ? LocalCalendar.rfc3339(milliseconds: key.lastUsedMilliseconds) : nil
        expires =
            key.hasExpiresMilliseconds
            ? LocalCalendar.rfc3339(milliseconds: key.expiresMilliseconds) : nil
        revoked =
            key.hasRevokedMilliseconds
            ? LocalCalendar.rfc3339(milliseconds: key.revokedMilliseconds) : nil
    }

    /// The row's cells.
    var cells: [String] {
        let served = channel.map { "\(kind) (\($0))" } ?? kind
        let state = revoked.map { "revoked \($0)" } ?? expires.map { "until \($0)" } ?? ""
        return [name, served, keyID, created, lastUsed ?? "never", state, id]
    }
}
