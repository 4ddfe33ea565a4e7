internal import GRDB

/// The tables, and how a store of an earlier version becomes one of this version.
///
/// The log holds all content, once. Every other table is current state or a thin index over
/// offsets. What costs in a transaction is dirty pages, not statements, so that ids are
/// time-ordered, joins go by integer keys, and no index exists that a measured query does not
/// need. Offsets, numbers and versions are stored as integers, moments as milliseconds since
/// 1970-01-01 UTC.
enum Schema {
    /// The application id in the file's header, "Dckt": it keeps another program's database from
    /// being taken for a store.
    static let applicationID: Int32 = 0x4463_6B74

    /// Every version of the schema, each made from the one before in one transaction.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            for statement in version1 { try database.execute(sql: statement) }
        }
        migrator.registerMigration("2") { database in
            // A revoked key is kept from here on: whoever holds it is told that it was right once.
            try database.execute(sql: "ALTER TABLE api_key ADD COLUMN revoked_at INTEGER")
        }
        migrator.registerMigration("lifecycle") { database in
            for statement in lifecycle { try database.execute(sql: statement) }
        }
        migrator.registerMigration("search") { database in
            for statement in search { try database.execute(sql: statement) }
        }
        migrator.registerMigration("lists") { database in
            for statement in lists { try database.execute(sql: statement) }
        }
        migrator.registerMigration("contacts", migrate: addContacts)
        migrator.registerMigration("attachments") { database in
            for statement in attachments { try database.execute(sql: statement) }
        }
        migrator.registerMigration("audit") { database in
            for statement in audit { try database.execute(sql: statement) }
        }
        migrator.registerMigration("timers") { database in
            for statement in timerRevision { try database.execute(sql: statement) }
        }
        migrator.registerMigration("moments", migrate: tellOldRequests)
        migrator.registerMigration("fields", migrate: addFieldUse)
        migrator.registerMigration("internal") { database in
            try database.execute(sql: internalConversations)
        }
        migrator.registerMigration("moves", migrate: addMoves)
        migrator.registerMigration("unused_attachments") { database in
            for statement in unusedAttachments { try database.execute(sql: statement) }
        }
        migrator.registerMigration("internal_attachments") { database in
            for statement in internalAttachments { try database.execute(sql: statement) }
        }
        migrator.registerMigration("timers_set_back") { database in
            for statement in timersSetBack { try database.execute(sql: statement) }
        }
        migrator.registerMigration("turns", migrate: addTurns)
        migrator.registerMigration("folded_search") { database in
            for statement in foldedSearch { try database.execute(sql: statement) }
        }
        migrator.registerMigration("contact_views") { database in
            for statement in contactViews { try database.execute(sql: statement) }
        }
        migrator.registerMigration("sign_in") { database in
            for statement in signIn { try database.execute(sql: statement) }
        }
        migrator.registerMigration("tickets") { database in
            for statement in tickets { try database.execute(sql: statement) }
        }
        migrator.registerMigration("log_first") { database in
            for statement in logFirst { try database.execute(sql: statement) }
        }
        // From here on the log may have entries that only the audit tells, and that name sessions:
        // a version that cannot read them has to refuse the store.
        migrator.registerMigration("sign_outs") { _ in }
        return migrator
    }

    /// Requests get what a message does not change: the whole of it in one column, as nothing is
    /// selected by most of it, and what a policy names in columns of their own.
    ///
    /// An older request has an empty column, which stands for a chat that a message opened.
    private static let lifecycle = [
        "ALTER TABLE request ADD COLUMN kind INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE request ADD COLUMN topic TEXT",
        "ALTER TABLE request ADD COLUMN type TEXT",
        "ALTER TABLE request ADD COLUMN priority TEXT",
        "ALTER TABLE request ADD COLUMN details BLOB NOT NULL DEFAULT x''",
        "CREATE INDEX request_by_conversation ON request(conversation)",
        "CREATE INDEX request_by_status ON request(status)",
        "CREATE INDEX request_by_kind ON request(kind)",
        "CREATE INDEX request_by_topic ON request(topic) WHERE topic IS NOT NULL",
        "CREATE INDEX request_by_type ON request(type) WHERE type IS NOT NULL",
        "CREATE INDEX request_by_priority ON request(priority) WHERE priority IS NOT NULL",
        "ALTER TABLE read_mark ADD COLUMN received INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TABLE policy(
            version INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            text TEXT NOT NULL,
            applied_at INTEGER NOT NULL,
            actor_kind INTEGER NOT NULL,
            actor_id BLOB,
            actor_name TEXT NOT NULL,
            "offset" INTEGER NOT NULL
        ) STRICT
        """,
    ]

    private static let version1 = [
        "PRAGMA application_id = \(applicationID)",
        """
        CREATE TABLE meta(
            id INTEGER PRIMARY KEY CHECK (id = 1),
            epoch INTEGER NOT NULL,
            floor INTEGER NOT NULL,
            next_number INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE principal(
            "key" INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE,
            kind INTEGER NOT NULL,
            name TEXT NOT NULL,
            role INTEGER,
            login TEXT,
            password TEXT,
            secret BLOB,
            channel TEXT,
            integration INTEGER REFERENCES principal("key"),
            external_id TEXT,
            created_at INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE UNIQUE INDEX principal_by_login ON principal(login) WHERE login IS NOT NULL",
        """
        CREATE UNIQUE INDEX principal_by_external_id ON principal(integration, external_id)
        WHERE integration IS NOT NULL
        """,
        """
        CREATE TABLE api_key(
            key_id TEXT PRIMARY KEY,
            principal INTEGER NOT NULL REFERENCES principal("key"),
            secret BLOB NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX api_key_by_principal ON api_key(principal)",
        """
        CREATE TABLE session(
            token BLOB PRIMARY KEY,
            principal INTEGER NOT NULL REFERENCES principal("key"),
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX session_by_principal ON session(principal)",
        "CREATE INDEX session_by_expiry ON session(expires_at)",
        """
        CREATE TABLE conversation(
            "key" INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE,
            contact INTEGER NOT NULL REFERENCES principal("key"),
            channel TEXT NOT NULL,
            opened_at INTEGER NOT NULL,
            newest INTEGER
        ) STRICT
        """,
        "CREATE UNIQUE INDEX conversation_by_contact ON conversation(contact, channel)",
        "CREATE INDEX conversation_by_channel ON conversation(channel)",
        """
        CREATE TABLE request(
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE,
            conversation INTEGER NOT NULL REFERENCES conversation("key"),
            previous BLOB,
            opened_at INTEGER NOT NULL,
            status TEXT NOT NULL,
            category INTEGER NOT NULL,
            status_since INTEGER NOT NULL,
            assignee INTEGER REFERENCES principal("key"),
            version INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            note_sequence INTEGER NOT NULL,
            changed_at INTEGER NOT NULL,
            description TEXT NOT NULL,
            session INTEGER,
            session_author INTEGER,
            session_at INTEGER,
            session_count INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX request_by_category ON request(category)",
        "CREATE INDEX request_by_assignee ON request(assignee, category)",
        // No foreign key: checking one costs a look-up for every entry, and the writer has just
        // loaded the conversation.
        """
        CREATE TABLE log(
            "offset" INTEGER PRIMARY KEY,
            conversation INTEGER NOT NULL,
            audience INTEGER NOT NULL,
            event BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX log_by_conversation ON log(conversation)",
        """
        CREATE TABLE creation(
            id BLOB PRIMARY KEY,
            "offset" INTEGER NOT NULL,
            principal BLOB,
            digest BLOB NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE verdict(
            id BLOB PRIMARY KEY,
            at INTEGER NOT NULL,
            principal BLOB,
            digest BLOB NOT NULL,
            "offset" INTEGER NOT NULL,
            payload BLOB NOT NULL,
            reason TEXT,
            detail TEXT
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX verdict_by_time ON verdict(at)",
        """
        CREATE TABLE read_mark(
            principal INTEGER NOT NULL REFERENCES principal("key"),
            conversation INTEGER NOT NULL REFERENCES conversation("key"),
            up_to INTEGER NOT NULL,
            "offset" INTEGER NOT NULL,
            PRIMARY KEY (principal, conversation)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE timer(
            request INTEGER NOT NULL REFERENCES request(number),
            kind INTEGER NOT NULL,
            version INTEGER NOT NULL,
            due INTEGER NOT NULL,
            PRIMARY KEY (request, kind)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX timer_by_due ON timer(due, request)",
    ]
}
