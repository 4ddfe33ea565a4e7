internal import GRDB

/// The tables of a local store, and how a file of an earlier version becomes one of this version.
///
/// They are of two families. *Durable* tables hold what a person or a program wants of the server
/// and what only this client knows; nothing drops them, and of a damaged file they are salvaged.
/// *Cache* tables hold what the server knows and would say again; a reset drops their rows, and of
/// a damaged file they are left behind. No durable row refers to a row of a cache table.
///
/// Every table is a rowid table and no statement says `REPLACE`, so that observing a table sees
/// every change. Texts from outside are kept as bytes: a text in SQLite would end at its first
/// zero. Each row of a durable table has a seal, a digest over its other columns, by which a
/// salvage knows a row that was written here from what a bad disk has made of it.
///
/// A migration is never changed and always added at the end. A kind of command that this version
/// does not know comes with a migration, be it an empty one, so that an older version refuses the
/// file instead of taking the command for damage.
enum LocalSchema {
    /// The application id in the file's header, "Dckc": it keeps another program's database from
    /// being taken for a local store.
    static let applicationID: Int32 = 0x4463_6B63
    /// The size of a page; a file with another one is not ours, or its header is damaged.
    static let pageSize = 4_096
    /// The tables whose rows a salvage saves.
    static let durableTables = [
        "owner", "outbox", "upload", "relay", "relay_incoming", "relay_outgoing", "read_mark",
        "relay_renewal",
    ]
    /// The tables that an opening reads: the durable ones, and those with a row or two.
    static let tablesOfOpening = durableTables + ["replica", "salvage", "grdb_migrations"]
    /// The tables whose rows the server would say again.
    static let cacheTables = ["replica", "conversation", "event", "hole", "snapshot_page"]

    /// The version of the schema: how many changes have made it.
    static let version = migrator.migrations.count

    /// Every version of the schema, each made from the one before in one transaction.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("outbox") { database in
            for statement in outbox { try database.execute(sql: statement) }
        }
        migrator.registerMigration("replica") { database in
            for statement in replica { try database.execute(sql: statement) }
        }
        migrator.registerMigration("pages of snapshots") { database in
            try database.execute(
                sql: """
                    CREATE TABLE snapshot_page(
                        number INTEGER PRIMARY KEY,
                        reply BLOB NOT NULL
                    ) STRICT
                    """
            )
        }
        migrator.registerMigration("uploads") { database in
            for statement in uploads { try database.execute(sql: statement) }
        }
        migrator.registerMigration("relays") { database in
            for statement in relays { try database.execute(sql: statement) }
        }
        migrator.registerMigration("read marks") { database in
            try database.execute(sql: readMarks)
        }
        migrator.registerMigration("renewals of incoming messages") { database in
            try database.execute(sql: renewals)
        }
        // The kinds of command `request`, `ticket` and `comment`.
        migrator.registerMigration("requests, tickets and comments") { _ in }
        return migrator
    }

    private static let readMarks = """
        CREATE TABLE read_mark(
            number INTEGER PRIMARY KEY,
            conversation BLOB NOT NULL UNIQUE,
            position INTEGER NOT NULL,
            epoch BLOB,
            seal BLOB NOT NULL
        ) STRICT
        """

    private static let renewals = """
        CREATE TABLE relay_renewal(
            number INTEGER PRIMARY KEY,
            message BLOB NOT NULL UNIQUE,
            renewed BLOB NOT NULL,
            seal BLOB NOT NULL
        ) STRICT
        """

    private static let uploads = [
        """
        CREATE TABLE upload(
            number INTEGER PRIMARY KEY,
            attachment BLOB NOT NULL UNIQUE,
            position INTEGER NOT NULL,
            place INTEGER NOT NULL,
            conversation BLOB NOT NULL,
            name BLOB NOT NULL,
            size INTEGER NOT NULL,
            digest BLOB NOT NULL,
            spool_name BLOB NOT NULL,
            seal BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX upload_by_position ON upload(position)",
    ]

    private static let relays = [
        """
        CREATE TABLE relay(
            number INTEGER PRIMARY KEY,
            name BLOB NOT NULL UNIQUE,
            epoch BLOB NOT NULL,
            offset INTEGER NOT NULL,
            began_at INTEGER NOT NULL,
            seal BLOB NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE relay_incoming(
            number INTEGER PRIMARY KEY,
            relay BLOB NOT NULL,
            position INTEGER NOT NULL,
            message BLOB NOT NULL,
            body BLOB NOT NULL,
            seal BLOB NOT NULL,
            UNIQUE (relay, position),
            UNIQUE (relay, message)
        ) STRICT
        """,
        """
        CREATE TABLE relay_outgoing(
            number INTEGER PRIMARY KEY,
            relay BLOB NOT NULL,
            message BLOB NOT NULL,
            said_at INTEGER NOT NULL,
            external_id BLOB,
            is_settled INTEGER NOT NULL,
            body BLOB NOT NULL,
            seal BLOB NOT NULL,
            UNIQUE (relay, message)
        ) STRICT
        """,
        """
        CREATE INDEX relay_outgoing_by_external_id ON relay_outgoing(relay, external_id)
        WHERE external_id IS NOT NULL
        """,
        """
        CREATE INDEX relay_outgoing_open ON relay_outgoing(relay, number) WHERE is_settled = 0
        """,
    ]

    private static let outbox = [
        "PRAGMA application_id = \(applicationID)",
        """
        CREATE TABLE owner(
            id INTEGER PRIMARY KEY CHECK (id = 1),
            principal BLOB NOT NULL,
            guest_secret BLOB,
            guest_name BLOB,
            seal BLOB NOT NULL
        ) STRICT
        """,
        // The call comes last: what precedes it is read without the pages that a long call fills.
        """
        CREATE TABLE outbox(
            position INTEGER PRIMARY KEY,
            command BLOB NOT NULL,
            lane BLOB NOT NULL,
            kind TEXT NOT NULL,
            digest BLOB NOT NULL,
            queued_at INTEGER NOT NULL,
            may_be_sent INTEGER NOT NULL,
            stop INTEGER NOT NULL,
            stop_reason BLOB,
            stop_message BLOB,
            stop_particulars BLOB,
            seal BLOB NOT NULL,
            call BLOB NOT NULL
        ) STRICT
        """,
        "CREATE UNIQUE INDEX outbox_by_command ON outbox(command)",
        // What the last salvage saved, until the store is closed in order.
        """
        CREATE TABLE salvage(
            id INTEGER PRIMARY KEY CHECK (id = 1),
            set_aside BLOB NOT NULL,
            commands INTEGER NOT NULL,
            is_complete INTEGER NOT NULL
        ) STRICT
        """,
    ]

    private static let replica = [
        """
        CREATE TABLE replica(
            id INTEGER PRIMARY KEY CHECK (id = 1),
            epoch BLOB NOT NULL,
            offset INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE conversation(
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE,
            body BLOB NOT NULL,
            changed_at INTEGER NOT NULL,
            read_up_to INTEGER NOT NULL,
            read_by_others INTEGER NOT NULL,
            lacks_request INTEGER NOT NULL,
            is_current INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX conversation_by_change ON conversation(changed_at DESC, id DESC)",
        """
        CREATE INDEX conversation_lacking_request ON conversation(lacks_request)
        WHERE lacks_request = 1
        """,
        """
        CREATE TABLE event(
            number INTEGER PRIMARY KEY,
            conversation BLOB NOT NULL,
            offset INTEGER NOT NULL,
            is_shown INTEGER NOT NULL,
            is_told INTEGER NOT NULL,
            message BLOB,
            author BLOB NOT NULL,
            body BLOB NOT NULL,
            UNIQUE (conversation, offset)
        ) STRICT
        """,
        """
        CREATE INDEX event_of_author ON event(conversation, offset, author)
        WHERE message IS NOT NULL
        """,
        "CREATE INDEX event_not_told ON event(offset) WHERE is_told = 0",
        "CREATE INDEX event_by_message ON event(message) WHERE message IS NOT NULL",
        """
        CREATE TABLE hole(
            number INTEGER PRIMARY KEY,
            conversation BLOB NOT NULL,
            low INTEGER NOT NULL,
            high INTEGER NOT NULL,
            UNIQUE (conversation, low)
        ) STRICT
        """,
    ]
}
