internal import FoundationEssentials
internal import GRDB

/// Reads and changes the tables of relays, on a connection that has begun a transaction.
struct RelayTables {
    /// Of how many incoming messages it is remembered that they were posted under another id: each
    /// was a decision of a person.
    static let mostRenewals: Int64 = 100_000

    private let database: Database

    /// The tables of a database.
    init(_ database: Database) {
        self.database = database
    }

    /// Carries a change out.
    func apply(_ change: RelayChange) throws {
        switch change {
        case .reached(let place):
            try execute(
                """
                INSERT INTO relay(\(RelayRow.columns)) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT(name) DO UPDATE SET epoch = excluded.epoch, offset = excluded.offset,
                    began_at = excluded.began_at, seal = excluded.seal
                """,
                RelayRow(place).arguments
            )
        case .incoming(let incoming):
            try execute(
                """
                INSERT INTO relay_incoming(\(IncomingRow.columns)) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT(relay, position) DO UPDATE SET body = excluded.body,
                    seal = excluded.seal
                """,
                try IncomingRow(incoming).arguments
            )
        case .incomingDone(let message, let relay):
            try execute(
                "DELETE FROM relay_incoming WHERE relay = ? AND message = ?",
                [relay.data, Data(message.bytes)]
            )
        case .renewed(let message, let id): try renew(RenewalRow(message, as: id))
        case .outgoing(let outgoing): try apply(.outgoingRow(OutgoingRow(outgoing)))
        case .outgoingRow(let row):
            try execute(
                """
                INSERT INTO relay_outgoing(\(OutgoingRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT(relay, message) DO UPDATE SET external_id = excluded.external_id,
                    is_settled = excluded.is_settled, body = excluded.body, seal = excluded.seal
                """,
                try row.arguments
            )
        case .forget(let relay, let count): try forget(relay, allBut: count)
        }
    }

    private func renew(_ row: RenewalRow) throws {
        // A message that is posted anew twice leads to its last id from the first.
        if let first = try renewal(to: row.message) {
            let changed = RenewalRow(first, as: row.renewed)
            try execute(
                "UPDATE relay_renewal SET renewed = ?, seal = ? WHERE message = ?",
                [
                    Data(changed.renewed.bytes), Data(changed.seal),
                    Data(changed.message.bytes),
                ]
            )
            return
        }
        try execute(
            "INSERT INTO relay_renewal(\(RenewalRow.columns)) VALUES (?, ?, ?)",
            row.arguments
        )
        try execute(
            "DELETE FROM relay_renewal WHERE number <= (SELECT max(number) FROM relay_renewal) - ?",
            [Self.mostRenewals]
        )
    }

    /// The incoming message that is posted under an id in place of its own; nil for none.
    private func renewal(to id: MessageID) throws -> MessageID? {
        try Row.fetchOne(
            database,
            sql: "SELECT \(RenewalRow.columns) FROM relay_renewal WHERE renewed = ?",
            arguments: [Data(id.bytes)]
        ).map { try RenewalRow($0).message }
    }

    /// The id under which an incoming message is posted in place of its own; nil for its own.
    func renewal(of message: MessageID) throws -> MessageID? {
        try Row.fetchOne(
            database,
            sql: "SELECT \(RenewalRow.columns) FROM relay_renewal WHERE message = ?",
            arguments: [Data(message.bytes)]
        ).map { try RenewalRow($0).renewed }
    }

    /// Forgets what was delivered long ago, and that it was the relay's.
    private func forget(_ relay: String, allBut count: UInt64) throws {
        let last = try Int64.fetchOne(database, sql: "SELECT max(number) FROM relay_outgoing")
        guard let last, last > Int64(clamping: count) else { return }
        let arguments: StatementArguments = [relay.data, last - Int64(clamping: count)]
        let condition = "relay = ? AND is_settled = 1 AND number <= ?"
        let moment = try Int64.fetchOne(
            database,
            sql: "SELECT max(said_at) FROM relay_outgoing WHERE \(condition)",
            arguments: arguments
        )
        guard let moment, var place = try place(of: relay) else { return }
        let saidAt = Timestamp(millisecondsSinceEpoch: UInt64(bitPattern: moment))
        place.beganAt = max(place.beganAt, saidAt)
        try apply(.reached(place))
        try execute("DELETE FROM relay_outgoing WHERE \(condition)", arguments)
    }

    /// What a relay has kept.
    ///
    /// - Throws: `LocalStoreError.damaged` for a row that was not written here.
    func content(of relay: String) throws -> RelayContent {
        RelayContent(
            place: try place(of: relay),
            incoming: try incoming(of: relay),
            outgoing: try Row.fetchAll(
                database,
                sql: """
                    SELECT \(OutgoingRow.columns) FROM relay_outgoing
                    WHERE relay = ? AND is_settled = 0 ORDER BY number
                    """,
                arguments: [relay.data]
            ).compactMap { try OutgoingRow($0).outgoing }
        )
    }

    private func place(of relay: String) throws -> RelayPlace? {
        try Row.fetchOne(
            database,
            sql: "SELECT \(RelayRow.columns) FROM relay WHERE name = ?",
            arguments: [relay.data]
        ).map { try RelayRow($0).place }
    }

    /// The incoming messages of a relay, or of all, in order.
    func incoming(of relay: String? = nil) throws -> [QueuedIncoming] {
        try Row.fetchAll(
            database,
            sql: "SELECT \(IncomingRow.columns) FROM relay_incoming ORDER BY position"
        ).map { try IncomingRow($0).incoming }.filter { relay == nil || $0.relay == relay }
    }

    /// How many messages of all relays are neither in the outbox nor delivered.
    func unsettledCount() throws -> Int {
        let outgoing = "SELECT count(*) FROM relay_outgoing WHERE is_settled = 0"
        let incoming = "SELECT count(*) FROM relay_incoming"
        return try [outgoing, incoming].reduce(0) { count, statement in
            try count + (Int.fetchOne(database, sql: statement) ?? 0)
        }
    }

    /// The message of the desk for which an external id was reserved, and whether nothing is left
    /// to do with it.
    func message(
        _ externalID: String,
        of relay: String
    ) throws -> (id: MessageID, isSettled: Bool)? {
        try Row.fetchOne(
            database,
            sql: """
                SELECT \(OutgoingRow.columns) FROM relay_outgoing
                WHERE relay = ? AND external_id = ? ORDER BY number DESC LIMIT 1
                """,
            arguments: [relay.data, externalID.data]
        ).map { row in
            let key = try OutgoingRow(row).key
            return (key.message, key.isSettled)
        }
    }

    /// Whether a message of the desk is known to a relay.
    func isKnown(_ message: MessageID, to relay: String) throws -> Bool {
        try Row.fetchOne(
            database,
            sql: "SELECT 1 FROM relay_outgoing WHERE relay = ? AND message = ?",
            arguments: [relay.data, Data(message.bytes)]
        ) != nil
    }

    /// Reads every row that is never to be lost.
    ///
    /// - Throws: `LocalStoreError.damaged` for the first that is not as it was written.
    func verify() throws {
        let rows = try Row.fetchCursor(database, sql: "SELECT \(RelayRow.columns) FROM relay")
        while let row = try rows.next() { _ = try RelayRow(row) }
        _ = try incoming()
        let outgoing = try Row.fetchCursor(
            database,
            sql: "SELECT \(OutgoingRow.columns) FROM relay_outgoing"
        )
        while let row = try outgoing.next() { _ = try OutgoingRow(row) }
        // A file of an earlier version has not all tables.
        guard try database.tableExists("relay_renewal") else { return }
        let renewals = try Row.fetchCursor(
            database,
            sql: "SELECT \(RenewalRow.columns) FROM relay_renewal"
        )
        while let row = try renewals.next() { _ = try RenewalRow(row) }
    }

    private func execute(_ text: String, _ arguments: StatementArguments) throws {
        try database.cachedStatement(sql: text).execute(arguments: arguments)
    }
}
