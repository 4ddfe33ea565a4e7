internal import DocketDomain
internal import Foundation
internal import GRDB

/// What a store that a copy replaces tells of who may no longer come in.
struct ReplacedStore {
    /// What was known of it at all.
    var state: SQLiteRestoration.Replaced
    /// When its revoked keys were revoked, by their ids.
    var revocations: [String: Timestamp] = [:]
    /// When keys end by themselves, by their ids.
    private var expiries: [String: Timestamp] = [:]
    /// When its locked agents were locked, by their ids.
    private var locks: [Data: Timestamp] = [:]
    /// The hashes of its agents' passwords, by their ids.
    private var passwords: [Data: String] = [:]

    /// One that told nothing.
    init(state: SQLiteRestoration.Replaced) { self.state = state }

    /// Reads it; one of an older version knows of less.
    init(_ database: Database) throws {
        state = .read
        let keys = try database.columns(in: "api_key").map(\.name)
        revocations = try Self.moments("revoked_at", of: "api_key", by: "key_id", database)
        if keys.contains("expires_at") {
            expiries = try Self.moments("expires_at", of: "api_key", by: "key_id", database)
        }
        if try database.columns(in: "principal").contains(where: { $0.name == "locked_at" }) {
            locks = try Self.moments("locked_at", of: "principal", by: "id", database)
        }
        let agents = try Row.fetchAll(
            database,
            sql: "SELECT id, password FROM principal WHERE password IS NOT NULL"
        )
        for agent in agents { passwords[agent[0]] = agent[1] as String }
    }

    /// The moments in a column, by what names their rows.
    private static func moments<Name: DatabaseValueConvertible & Hashable>(
        _ column: String,
        of table: String,
        by name: String,
        _ database: Database
    ) throws -> [Name: Timestamp] {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT \(name), \(column) FROM \(table) WHERE \(column) IS NOT NULL"
        )
        return Dictionary(
            rows.map { row in
                (row[0] as Name, Timestamp(milliseconds: UInt64(clamping: row[1] as Int64)))
            }
        ) { first, _ in first }
    }

    /// Takes the access away from a copy of an earlier state, and tells what became of it.
    ///
    /// - Parameters:
    ///   - database: The copy, within a transaction.
    ///   - moment: The present, at which keys work or have ended.
    /// - Returns: What became of sessions, keys and agents.
    /// - Throws: What SQLite reports.
    func takeAccess(in database: Database, at moment: Timestamp) throws -> SQLiteRestoration {
        try database.execute(sql: "DELETE FROM session")
        let ended = database.changesCount
        let before = try Self.workingKeys(in: database, at: moment)
        for (key, moment) in revocations {
            try database.execute(
                sql: "UPDATE api_key SET revoked_at = ? WHERE key_id = ? AND revoked_at IS NULL",
                arguments: [Int64(clamping: moment.milliseconds), key]
            )
        }
        for (key, moment) in expiries {
            try database.execute(
                sql: """
                    UPDATE api_key SET expires_at = min(coalesce(expires_at, ?1), ?1)
                    WHERE key_id = ?2
                    """,
                arguments: [Int64(clamping: moment.milliseconds), key]
            )
        }
        let (locked, kept) = try lockAgents(in: database)
        return SQLiteRestoration(
            replaced: state,
            endedSessions: ended,
            revokedKeys: before.filter { revocations[$0.keyID] != nil },
            workingKeys: try Self.workingKeys(in: database, at: moment),
            lockedAgents: locked,
            unlockedAdministrators: kept,
            otherPasswords: try otherPasswords(in: database)
        )
    }

    /// Locks the agents of the copy who were locked since; gives their logins, and those of the
    /// administrators who are not locked since nobody else could administer the desk.
    private func lockAgents(
        in database: Database
    ) throws -> (locked: [String], kept: [String]) {
        let administrators = try Self.administrators(in: database)
        let keepsAdministrators = administrators.allSatisfy { locks[$0] != nil }
        var locked: [String] = []
        var kept: [String] = []
        for (id, moment) in locks {
            let login = try String.fetchOne(
                database,
                sql: "SELECT login FROM principal WHERE id = ? AND locked_at IS NULL",
                arguments: [id]
            )
            guard let login else { continue }
            guard !keepsAdministrators || !administrators.contains(id) else {
                kept.append(login)
                continue
            }
            try database.execute(
                sql: "UPDATE principal SET locked_at = ? WHERE id = ?",
                arguments: [Int64(clamping: moment.milliseconds), id]
            )
            locked.append(login)
        }
        return (locked.sorted(), kept.sorted())
    }

    /// The ids of the administrators who can sign in.
    private static func administrators(in database: Database) throws -> [Data] {
        try Data.fetchAll(
            database,
            sql: "SELECT id FROM principal WHERE role = ? AND locked_at IS NULL",
            arguments: [Int64(AgentRole.administrator.rawValue)]
        )
    }

    /// The logins of agents whose password was another one in the replaced store.
    private func otherPasswords(in database: Database) throws -> [String] {
        try Row.fetchAll(
            database,
            sql: "SELECT id, login, password FROM principal WHERE password IS NOT NULL"
        ).filter { agent in
            passwords[agent[0]].map { $0 != agent[2] as String } ?? false
        }.map { $0[1] as String }.sorted()
    }

    /// The keys that open sessions at a moment.
    private static func workingKeys(
        in database: Database,
        at moment: Timestamp
    ) throws -> [SQLiteRestoration.Key] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT k.key_id, p.id, p.name, p.channel
                FROM api_key k JOIN principal p ON p."key" = k.principal
                WHERE k.revoked_at IS NULL AND coalesce(k.expires_at > ?, TRUE)
                ORDER BY p.name, k.key_id
                """,
            arguments: [Int64(clamping: moment.milliseconds)]
        ).compactMap { row in
            PrincipalID(bytes: row[1] as Data).map { owner in
                SQLiteRestoration.Key(
                    keyID: row[0],
                    owner: owner,
                    name: row[2],
                    channel: row[3]
                )
            }
        }
    }
}
