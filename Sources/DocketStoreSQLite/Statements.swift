/// Every statement that runs while the desk serves, in one place, so that the test of their query
/// plans misses none.
enum Statements {
    // MARK: Transactions (which have no plan)

    static let begin = SQL("BEGIN IMMEDIATE TRANSACTION")
    static let commit = SQL("COMMIT TRANSACTION")

    // MARK: Log

    static let position = SQL(
        """
        SELECT epoch, floor, (SELECT max("offset") FROM log) FROM meta
        """
    )
    static let append = SQL(
        """
        INSERT INTO log("offset", conversation, audience, event, digest, command, command_digest,
            command_principal, chain)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    )
    static let entry = SQL(
        """
        SELECT "offset", audience, event FROM log WHERE "offset" = ?
        """
    )
    static let entriesAfter = SQL(
        """
        SELECT "offset", audience, event FROM log WHERE "offset" > ? ORDER BY "offset" LIMIT ?
        """
    )
    static let entriesOnChannel = SQL(
        """
        SELECT l."offset", l.audience, l.event
        FROM log l CROSS JOIN conversation c ON c."key" = l.conversation
        WHERE l."offset" > ? AND l."offset" <= ? AND l.audience = 0 AND c.channel = ?
        ORDER BY l."offset" LIMIT ?
        """
    )
    static let entriesInConversationAfter = SQL(
        """
        SELECT l."offset", l.audience, l.event
        FROM conversation_entry e CROSS JOIN log l ON l."offset" = e."offset"
        WHERE e.conversation = ? AND e."offset" > ? AND e.audience <= ?
        ORDER BY e."offset" LIMIT ?
        """
    )
    static let entriesInConversationBefore = SQL(
        """
        SELECT l."offset", l.audience, l.event
        FROM conversation_entry e CROSS JOIN log l ON l."offset" = e."offset"
        WHERE e.conversation = ? AND e."offset" < ? AND e.audience <= ?
        ORDER BY e."offset" DESC LIMIT ?
        """
    )
    /// The entries that no index has yet, which are few.
    static let newEntriesInConversationAfter = SQL(
        """
        SELECT "offset", audience, event FROM log
        WHERE conversation = ?1 AND audience <= ?3
          AND "offset" > max(?2, (SELECT through FROM follower WHERE name = 'rows'))
        ORDER BY "offset" LIMIT ?4
        """
    )
    static let newEntriesInConversationBefore = SQL(
        """
        SELECT "offset", audience, event FROM log
        WHERE conversation = ? AND "offset" < ? AND audience <= ?
          AND "offset" > (SELECT through FROM follower WHERE name = 'rows')
        ORDER BY "offset" DESC LIMIT ?
        """
    )

    // MARK: Commands

    /// A creation whose entry is gone has no digest: nothing repeats it.
    static let record = SQL(
        """
        SELECT iif(l.command IS NULL, c.principal, l.command_principal),
            coalesce(l.command_digest, nullif(c.digest, x''), zeroblob(32)), c."offset",
            NULL, NULL, NULL
        FROM creation c LEFT JOIN log l ON l."offset" = c."offset" AND l.command = c.id
        WHERE c.id = ?1
        UNION ALL
        SELECT principal, digest, "offset", payload, reason, detail FROM verdict WHERE id = ?1
        """
    )
    /// The highest id below one of which something is kept.
    static let highestCommand = SQL(
        """
        SELECT nullif(max(
            coalesce((SELECT max(id) FROM creation WHERE id < ?1), x''),
            coalesce((SELECT max(id) FROM verdict WHERE id < ?1), x'')
        ), x'')
        """
    )
    static let commandsFrom = SQL(
        """
        SELECT id FROM (
            SELECT id FROM creation WHERE id >= ?1 UNION ALL SELECT id FROM verdict WHERE id >= ?1
        ) LIMIT ?2
        """
    )
    static let keepCreation = SQL(
        """
        INSERT INTO creation(id, "offset", principal, digest) VALUES (?, ?, ?, ?)
        """
    )
    static let keepVerdict = SQL(
        """
        INSERT INTO verdict(id, at, principal, digest, "offset", payload, reason, detail)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """
    )
    static let purgeVerdicts = SQL(
        """
        DELETE FROM verdict WHERE id IN (SELECT id FROM verdict WHERE at < ? ORDER BY at LIMIT ?)
        """
    )

    // MARK: Conversations and requests

    static let situationColumns = """
        c."key", c.id, p.id, p.name, c.channel,
        r.number, r.id, r.previous, r.opened_at, r.status, r.category, r.status_since,
        r.version, r.sequence, r.note_sequence, r.changed_at, r.description,
        r.session, r.session_author, r.session_at, r.session_count, a.id, a.name, r.details,
        c.internal, r.last_author, r.waiting_since, r.contact_version, r.contact_changed_at
        """
    private static let conversationJoins = """
        JOIN principal p ON p."key" = c.contact
        LEFT JOIN request r ON r.number = c.newest
        LEFT JOIN principal a ON a."key" = r.assignee
        """
    static let requestJoins = """
        JOIN conversation c ON c."key" = r.conversation
        JOIN principal p ON p."key" = c.contact
        LEFT JOIN principal a ON a."key" = r.assignee
        """
    static let situationOfConversation = SQL(
        """
        SELECT \(situationColumns) FROM conversation c \(conversationJoins) WHERE c.id = ?
        """,
        ignoresBacklog: true
    )
    static let situationOfContact = SQL(
        """
        SELECT \(situationColumns) FROM conversation c \(conversationJoins)
        WHERE c.contact = (SELECT "key" FROM principal WHERE id = ?) AND c.channel = ?
        ORDER BY c.internal LIMIT 1
        """,
        ignoresBacklog: true
    )
    static let situationOfRequest = SQL(
        """
        SELECT \(situationColumns) FROM request r \(requestJoins) WHERE r.id = ?
        """,
        ignoresBacklog: true,
        ignoresNewRows: true
    )
    static let newestRequest = SQL(
        """
        SELECT r.id FROM conversation c JOIN request r ON r.number = c.newest WHERE c."key" = ?
        """,
        ignoresBacklog: true
    )
    static let requestByNumber = SQL(
        """
        SELECT \(situationColumns) FROM request r \(requestJoins) WHERE r.number = ?
        """,
        ignoresBacklog: true
    )
    static let openingOffset = SQL(
        """
        SELECT opened_at FROM conversation WHERE id = ?
        """
    )
    static let conversationsOfContact = SQL(
        """
        SELECT id FROM conversation WHERE contact = (SELECT "key" FROM principal WHERE id = ?)
        """
    )
    static let conversationPage = SQL(
        """
        SELECT \(situationColumns) FROM conversation c \(conversationJoins)
        WHERE c."key" > ? ORDER BY c."key" LIMIT ?
        """
    )
    static let conversationPageOfContact = SQL(
        """
        SELECT \(situationColumns)
        FROM conversation c INDEXED BY conversation_by_contact \(conversationJoins)
        WHERE c."key" > ? AND c.contact = (SELECT "key" FROM principal WHERE id = ?)
          AND c.internal = 0
        ORDER BY c."key" LIMIT ?
        """
    )
    static let conversationPageOnChannel = SQL(
        """
        SELECT \(situationColumns)
        FROM conversation c INDEXED BY conversation_by_channel \(conversationJoins)
        WHERE c."key" > ? AND c.channel = ? AND c.internal = 0 ORDER BY c."key" LIMIT ?
        """
    )
    static let conversationKey = SQL(
        """
        SELECT "key" FROM conversation WHERE id = ?
        """
    )
    static let insertConversation = SQL(
        """
        INSERT INTO conversation("key", id, contact, channel, opened_at, internal, newest)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """
    )
    static let nextConversationKey = SQL(
        """
        SELECT coalesce(max("key"), 0) + 1 FROM conversation
        """
    )
    static let nextNumber = SQL(
        """
        SELECT next_number FROM meta
        """
    )
    static let countNumber = SQL(
        """
        UPDATE meta SET next_number = ?
        """
    )
    static let insertRequest = SQL(
        """
        INSERT INTO request(number, id, conversation, previous, opened_at, status, category,
            status_since, assignee, version, sequence, note_sequence, changed_at, description,
            session, session_author, session_at, session_count, kind, topic, type, priority,
            details, opening, last_author, waiting_since, contact_version, contact_changed_at,
            through, channel)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
            ?, ?)
        """,
        ignoresBacklog: true
    )
    static let setNewestRequest = SQL(
        """
        UPDATE conversation SET newest = ? WHERE "key" = ?
        """
    )
    /// Leaves the indexed columns alone: an update that names one rewrites its index.
    static let updateTalk = SQL(
        """
        UPDATE request SET version = ?, sequence = ?, note_sequence = ?, changed_at = ?,
            session = ?, session_author = ?, session_at = ?, session_count = ?,
            last_author = ?, waiting_since = ?, contact_version = ?, contact_changed_at = ?,
            through = ?
        WHERE number = ?
        """,
        ignoresBacklog: true
    )
    static let updateWork = SQL(
        """
        UPDATE request SET status = ?, category = ?, status_since = ?,
            assignee = (SELECT "key" FROM principal WHERE id = ?)
        WHERE number = ?
        """,
        ignoresBacklog: true
    )
    /// Only where the first message was split off, so that a post does not write it.
    static let updateDescription = SQL(
        """
        UPDATE request SET description = ? WHERE number = ?
        """,
        ignoresBacklog: true
    )
    static let updateDetails = SQL(
        """
        UPDATE request SET details = ? WHERE number = ?
        """,
        ignoresBacklog: true
    )
    /// What a policy names of a request, apart from the rest: each is indexed.
    static let updateKeys = SQL(
        """
        UPDATE request SET topic = ?, type = ?, priority = ? WHERE number = ?
        """,
        ignoresBacklog: true
    )
    static let readMark = SQL(
        """
        SELECT m.up_to, m.received, m."offset" FROM read_mark m
        WHERE m.principal = (SELECT "key" FROM principal WHERE id = ?)
          AND m.conversation = (SELECT "key" FROM conversation WHERE id = ?)
        """
    )
    static let keepReadMark = SQL(
        """
        INSERT INTO read_mark(principal, conversation, up_to, received, "offset")
        VALUES ((SELECT "key" FROM principal WHERE id = ?), ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET up_to = excluded.up_to, received = excluded.received,
            "offset" = excluded."offset"
        """
    )

    // MARK: Timers

    static let nextTimer = SQL(
        """
        SELECT r.id, t.kind, t.version, t.due, t.set_back FROM timer t INDEXED BY timer_by_due
        CROSS JOIN request r ON r.number = t.request
        ORDER BY t.due, t.request, t.kind LIMIT 1
        """,
        ignoresBacklog: true
    )
    static let timer = SQL(
        """
        SELECT r.id, t.kind, t.version, t.due, t.set_back FROM request r
        JOIN timer t ON t.request = r.number
        WHERE r.id = ? AND t.kind = ?
        """,
        ignoresBacklog: true
    )
    static let hasTimersSetBack = SQL(
        """
        SELECT 1 FROM timer INDEXED BY timer_set_back WHERE set_back > 0 LIMIT 1
        """
    )
    static let setTimersBack = SQL(
        """
        UPDATE timer SET due = max(due - max(?1, -set_back), 0),
            set_back = set_back + max(?1, -set_back)
        """
    )
    static let makeParkedTimersDue = SQL(
        """
        UPDATE timer SET due = ? WHERE due >= ?
        """
    )
    static let keepLastSetBack = SQL(
        """
        UPDATE meta SET set_back_at = ?, set_back_head = (SELECT max("offset") FROM log)
        """
    )
    static let lastSetBack = SQL(
        """
        SELECT set_back_at, set_back_head FROM meta
        """
    )
    static let setTimer = SQL(
        """
        INSERT INTO timer(request, kind, version, due, set_back)
        VALUES ((SELECT number FROM request WHERE id = ?), ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET version = excluded.version, due = excluded.due,
            set_back = excluded.set_back
        WHERE version <> excluded.version OR due <> excluded.due
            OR set_back <> excluded.set_back
        """,
        ignoresBacklog: true
    )
    static let removeTimer = SQL(
        """
        DELETE FROM timer
        WHERE request = (SELECT number FROM request WHERE id = ?) AND kind = ?
        """,
        ignoresBacklog: true
    )
    static let timersRevisedThrough = SQL(
        """
        SELECT timers_revised_through FROM meta
        """
    )
    static let keepTimersRevisedThrough = SQL(
        """
        UPDATE meta SET timers_revised_through = ?
        """
    )

    // MARK: Identities

    static let principalColumns = """
        p.id, p.kind, p.name, p.role, p.login, p.password, p.secret, p.channel, i.id,
        p.external_id, p.locked_at
        """
    static let integrationJoin = """
        LEFT JOIN principal i ON i."key" = p.integration
        """
    static let principal = SQL(
        """
        SELECT \(principalColumns) FROM principal p \(integrationJoin) WHERE p.id = ?
        """
    )
    static let agentByLogin = SQL(
        """
        SELECT \(principalColumns) FROM principal p \(integrationJoin) WHERE p.login = ?
        """
    )
    static let agents = SQL(
        """
        SELECT \(principalColumns) FROM principal p INDEXED BY principal_by_login
        \(integrationJoin) WHERE p.login > ? ORDER BY p.login LIMIT ?
        """
    )
    static let externalContact = SQL(
        """
        SELECT \(principalColumns) FROM principal p \(integrationJoin)
        WHERE p.integration = (SELECT "key" FROM principal WHERE id = ?) AND p.external_id = ?
        """,
        ignoresNewRows: true
    )
    static let insertPrincipal = SQL(
        """
        INSERT INTO principal("key", id, kind, name, role, login, password, secret, channel,
            integration, external_id, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    )
    static let nextPrincipalKey = SQL(
        """
        SELECT coalesce(max("key"), 0) + 1 FROM principal
        """
    )
    static let principalKey = SQL(
        """
        SELECT "key" FROM principal WHERE id = ?
        """
    )

    /// Those of this file, with the names under which a failing test shows them.
    private static let base: [(name: String, sql: SQL)] = [
        ("position", position), ("append", append), ("entry", entry),
        ("entriesAfter", entriesAfter), ("entriesOnChannel", entriesOnChannel),
        ("entriesInConversationAfter", entriesInConversationAfter),
        ("entriesInConversationBefore", entriesInConversationBefore),
        ("newEntriesInConversationAfter", newEntriesInConversationAfter),
        ("newEntriesInConversationBefore", newEntriesInConversationBefore), ("record", record),
        ("highestCommand", highestCommand), ("commandsFrom", commandsFrom),
        ("keepCreation", keepCreation), ("keepVerdict", keepVerdict),
        ("purgeVerdicts", purgeVerdicts), ("situationOfConversation", situationOfConversation),
        ("situationOfContact", situationOfContact), ("situationOfRequest", situationOfRequest),
        ("newestRequest", newestRequest), ("requestByNumber", requestByNumber),
        ("openingOffset", openingOffset),
        ("conversationsOfContact", conversationsOfContact),
        ("conversationPage", conversationPage),
        ("conversationPageOfContact", conversationPageOfContact),
        ("conversationPageOnChannel", conversationPageOnChannel),
        ("conversationKey", conversationKey), ("insertConversation", insertConversation),
        ("nextConversationKey", nextConversationKey), ("principalKey", principalKey),
        ("nextPrincipalKey", nextPrincipalKey),
        ("nextNumber", nextNumber), ("countNumber", countNumber),
        ("insertRequest", insertRequest), ("setNewestRequest", setNewestRequest),
        ("updateTalk", updateTalk), ("updateWork", updateWork),
        ("updateDescription", updateDescription), ("updateDetails", updateDetails),
        ("updateKeys", updateKeys), ("readMark", readMark),
        ("keepReadMark", keepReadMark), ("nextTimer", nextTimer), ("setTimer", setTimer),
        ("timer", timer), ("hasTimersSetBack", hasTimersSetBack), ("setTimersBack", setTimersBack),
        ("makeParkedTimersDue", makeParkedTimersDue), ("keepLastSetBack", keepLastSetBack),
        ("lastSetBack", lastSetBack),
        ("removeTimer", removeTimer), ("timersRevisedThrough", timersRevisedThrough),
        ("keepTimersRevisedThrough", keepTimersRevisedThrough),
        ("principal", principal), ("agentByLogin", agentByLogin),
        ("agents", agents), ("externalContact", externalContact),
        ("insertPrincipal", insertPrincipal),
    ]

    /// All of them.
    static let all =
        base + ofSignIn + lifecycle + search + lists + ofContacts + allOfAttachments + ofAudit
        + ofMoves + ofTickets + ofFollowers
}
