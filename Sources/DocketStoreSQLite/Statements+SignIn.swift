/// Who may sign in, with what, and who is signed in.
extension Statements {
    static let activeAdministrators = SQL(
        """
        SELECT COUNT(*) FROM (
            SELECT 1 FROM principal INDEXED BY principal_by_login
            WHERE login > '' AND role = ?1 AND locked_at IS NULL LIMIT ?2
        )
        """
    )
    static let updateSignIn = SQL(
        """
        UPDATE principal SET password = ?2, locked_at = ?3 WHERE id = ?1
        """
    )
    static let apiKey = SQL(
        """
        SELECT k.key_id, p.id, k.secret, k.revoked_at, k.expires_at
        FROM api_key k JOIN principal p ON p."key" = k.principal WHERE k.key_id = ?
        """
    )
    static let apiKeys = SQL(
        """
        SELECT \(principalColumns), k.key_id, k.created_at, k.last_used_at, k.expires_at,
            k.revoked_at
        FROM api_key k JOIN principal p ON p."key" = k.principal \(integrationJoin)
        WHERE k.key_id > ? ORDER BY k.key_id LIMIT ?
        """
    )
    static let insertKey = SQL(
        """
        INSERT INTO api_key(key_id, principal, secret, created_at)
        VALUES (?, (SELECT "key" FROM principal WHERE id = ?), ?, ?)
        """
    )
    static let revokeKeys = SQL(
        """
        UPDATE api_key SET revoked_at = ?
        WHERE principal = (SELECT "key" FROM principal WHERE id = ?) AND revoked_at IS NULL
        """
    )
    static let revokeKey = SQL(
        """
        UPDATE api_key SET revoked_at = ? WHERE key_id = ? AND revoked_at IS NULL
        """
    )
    static let expireKeys = SQL(
        """
        UPDATE api_key SET expires_at = min(coalesce(expires_at, ?1), ?1)
        WHERE principal = (SELECT "key" FROM principal WHERE id = ?2)
        """
    )
    static let noteUse = SQL(
        """
        UPDATE api_key SET last_used_at = ? WHERE key_id = ?
        """
    )
    static let session = SQL(
        """
        SELECT \(principalColumns), s.expires_at, s.key_id
        FROM session s JOIN principal p ON p."key" = s.principal \(integrationJoin)
        WHERE s.token = ?
        """
    )
    static let insertSession = SQL(
        """
        INSERT INTO session(token, principal, expires_at, key_id)
        VALUES (?, (SELECT "key" FROM principal WHERE id = ?), ?, ?)
        """
    )
    static let endSession = SQL(
        """
        DELETE FROM session WHERE token = ?
        """
    )
    static let hasSession = SQL(
        """
        SELECT 1 FROM session WHERE token = ?
        """
    )
    static let sessions = SQL(
        """
        SELECT token, expires_at, key_id FROM session
        WHERE principal = (SELECT "key" FROM principal WHERE id = ?)
        ORDER BY expires_at DESC LIMIT -1 OFFSET ?
        """
    )
    static let shortenSession = SQL(
        """
        UPDATE session SET expires_at = min(expires_at, ?1) WHERE token = ?2
        """
    )
    static let purgeSessions = SQL(
        """
        DELETE FROM session WHERE token IN
            (SELECT token FROM session WHERE expires_at < ? ORDER BY expires_at LIMIT ?)
        """
    )

    /// Those of this file, with the names under which a failing test shows them.
    static let ofSignIn: [(name: String, sql: SQL)] = [
        ("activeAdministrators", activeAdministrators), ("updateSignIn", updateSignIn),
        ("apiKey", apiKey), ("apiKeys", apiKeys), ("insertKey", insertKey),
        ("revokeKeys", revokeKeys), ("revokeKey", revokeKey), ("expireKeys", expireKeys),
        ("noteUse", noteUse), ("session", session), ("insertSession", insertSession),
        ("endSession", endSession), ("hasSession", hasSession), ("sessions", sessions),
        ("shortenSession", shortenSession),
        ("purgeSessions", purgeSessions),
    ]
}
