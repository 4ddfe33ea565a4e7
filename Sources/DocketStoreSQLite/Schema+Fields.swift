internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import GRDB

extension Schema {
    /// Adds by what is found whether a policy may drop a field, or a status for a kind.
    ///
    /// What a field holds stays in the request's details alone: only that it holds something is
    /// asked, and seldom.
    static func addFieldUse(to database: Database) throws {
        for statement in fieldUse { try database.execute(sql: statement) }
        try database.forEachDetails { number, details in
            for field in details.fields.keys {
                try database.execute(
                    sql: "INSERT INTO field_use(field, request) VALUES (?, ?)",
                    arguments: [field, number]
                )
            }
        }
    }

    private static let fieldUse = [
        """
        CREATE TABLE field_use(
            field TEXT NOT NULL,
            request INTEGER NOT NULL REFERENCES request(number),
            PRIMARY KEY (field, request)
        ) STRICT, WITHOUT ROWID
        """,
        "DROP INDEX request_by_kind",
        "CREATE INDEX request_by_kind ON request(kind, status)",
    ]
}

extension Database {
    /// How many requests' details are held in memory at a time.
    private static let detailsAtOnce = 1_024

    /// Gives the details of every request that has any, by number.
    fileprivate func forEachDetails(
        _ body: (_ number: Int64, _ details: RequestDetails) throws -> Void
    ) throws {
        let page = """
            SELECT number, details FROM request WHERE number > ? AND details <> x''
            ORDER BY number LIMIT ?
            """
        var last: Int64 = 0
        while true {
            let rows = try Row.fetchAll(self, sql: page, arguments: [last, Self.detailsAtOnce])
            for row in rows {
                guard let details = RequestDetails(encoded: row[1]) else {
                    throw StoreError.corrupted("the details of a request are none")
                }
                try body(row[0], details)
            }
            guard let number = rows.last?[0] as Int64? else { return }
            last = number
        }
    }
}
