extension Statements {
    static let auditChain = SQL(
        """
        SELECT chained, chain FROM meta
        """
    )
    /// The chain as the log's last entry has it.
    static let lastChain = SQL(
        """
        SELECT "offset", chain FROM log WHERE "offset" = (SELECT max("offset") FROM log)
        """
    )
    static let auditCheckpoints = SQL(
        """
        SELECT "offset", chain FROM audit_checkpoint
        WHERE "offset" > ? AND "offset" <= ? ORDER BY "offset"
        """
    )
    static let auditEntries = SQL(
        """
        SELECT "offset", digest, erased_at, event FROM log WHERE "offset" > ?
        ORDER BY "offset" LIMIT ?
        """
    )
    static let keepChain = SQL(
        """
        UPDATE meta SET chained = ?, chain = ?
        """
    )
    static let keepCheckpoint = SQL(
        """
        INSERT INTO audit_checkpoint("offset", chain) VALUES (?, ?)
        """
    )
    static let setDigest = SQL(
        """
        UPDATE log SET digest = ? WHERE "offset" = ?
        """
    )

    /// Those for the audit, by name.
    static let ofAudit: [(name: String, sql: SQL)] = [
        ("auditChain", auditChain), ("lastChain", lastChain),
        ("auditCheckpoints", auditCheckpoints),
        ("auditEntries", auditEntries), ("keepChain", keepChain),
        ("keepCheckpoint", keepCheckpoint), ("setDigest", setDigest),
    ]
}
