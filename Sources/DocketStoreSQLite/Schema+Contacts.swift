internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import GRDB

extension Schema {
    /// Adds what is known of contacts, and companies.
    ///
    /// The profile lies there as one value, since it is always read as a whole; beside it stands
    /// only what contacts are found by.
    static func addContacts(to database: Database) throws {
        for statement in contacts { try database.execute(sql: statement) }
        try describeKnownContacts(in: database)
    }

    private static let contacts = [
        """
        CREATE TABLE company(
            "key" INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE,
            name TEXT NOT NULL,
            name_key TEXT NOT NULL UNIQUE,
            client_category TEXT NOT NULL,
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE contact_profile(
            contact INTEGER PRIMARY KEY REFERENCES principal("key"),
            name_key TEXT NOT NULL,
            company INTEGER REFERENCES company("key"),
            profile BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX contact_profile_by_name ON contact_profile(name_key)",
        """
        CREATE INDEX contact_profile_by_company ON contact_profile(company)
        WHERE company IS NOT NULL
        """,
        """
        CREATE TABLE contact_address(
            kind INTEGER NOT NULL,
            value TEXT NOT NULL,
            contact INTEGER NOT NULL REFERENCES principal("key"),
            PRIMARY KEY (kind, value, contact)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    /// How many contacts are described at a time: they are held in memory meanwhile.
    private static let contactsAtOnce = 1_024

    /// Makes the profiles of the contacts that are there.
    private static func describeKnownContacts(in database: Database) throws {
        let known = """
            SELECT p."key", p.id, p.name, i.id, p.external_id, p.created_at
            FROM principal p LEFT JOIN principal i ON i."key" = p.integration
            WHERE p.kind = ? AND p."key" > ? ORDER BY p."key" LIMIT ?
            """
        let contactKind = Int64(PartyKind.contact.rawValue)
        var last: Int64 = 0
        while true {
            let rows = try Row.fetchAll(
                database,
                sql: known,
                arguments: [contactKind, last, contactsAtOnce]
            )
            for row in rows { try describe(row, in: database) }
            guard let key = rows.last?[0] as Int64? else { return }
            last = key
        }
    }

    private static func describe(_ row: Row, in database: Database) throws {
        guard let id = ContactID(bytes: (row[1] as Data?) ?? Data()) else {
            throw StoreError.corrupted("a contact's id is none")
        }
        let integration = (row[3] as Data?).flatMap { PrincipalID(bytes: $0) }
        let origin = integration.map { integration in
            ContactOrigin.external(integration: integration, externalID: row[4] ?? "")
        }
        let profile = ContactProfile(
            id: id,
            name: row[2] ?? "",
            origin: origin ?? .guest,
            at: Timestamp(milliseconds: UInt64(clamping: (row[5] as Int64?) ?? 0))
        )
        let key: Int64 = row[0]
        try database.execute(
            sql: "INSERT INTO contact_profile(contact, name_key, profile) VALUES (?, ?, ?)",
            arguments: [key, profile.name.nameKey, profile.encoded()]
        )
        for address in profile.addresses {
            try database.execute(
                sql: "INSERT INTO contact_address(kind, value, contact) VALUES (?, ?, ?)",
                arguments: [Int64(address.kind.rawValue), address.value, key]
            )
        }
    }
}
