internal import DocketMessages
internal import FoundationEssentials
internal import GRDB
internal import SwiftProtobuf

/// Reads and changes what a local store holds of the server's, on a connection that has begun a
/// transaction.
struct ReplicaTables {
    private let database: Database

    /// The tables of a database.
    init(_ database: Database) {
        self.database = database
    }

    /// Where the feed goes on; nil before the first snapshot.
    func cursor() throws -> Cursor? {
        guard let row = try Row.fetchOne(database, sql: "SELECT epoch, offset FROM replica") else {
            return nil
        }
        let reading = RowReading(row, of: "the cursor")
        return Cursor(epoch: try reading.bytes(0), offset: try reading.offset(1))
    }

    // MARK: Changing

    /// Carries a change out.
    func apply(_ change: ReplicaChange) throws {
        switch change {
        case .snapshot(let page) where !page.nextPage.isEmpty: try putBy(page)
        case .snapshot(let page): try replaceAll(withLast: page)
        case .snapshotForgotten: try execute("DELETE FROM snapshot_page", [])
        case .feed(let events, let cursor): try feed(events, cursor)
        case .history(let conversation, let events, let filled, let epoch):
            guard try cursor()?.epoch == epoch else { return }
            try fill(conversation, with: events, filled)
        case .taken(let event, let epoch):
            guard try epoch == nil || cursor()?.epoch == epoch else { return }
            try taken(event)
        case .takenForgotten(let offset):
            try execute(
                "DELETE FROM event WHERE is_told = 0 AND offset > ?",
                [Int64(clamping: offset)]
            )
        case .marked(let conversation, let offset, let epoch):
            guard try epoch == nil || cursor()?.epoch == epoch else { return }
            try marked(conversation, upTo: offset)
        case .request(let request): try update(with: request)
        }
    }

    private func marked(_ conversation: ConversationID, upTo offset: UInt64) throws {
        try execute(
            "UPDATE conversation SET read_up_to = max(read_up_to, ?) WHERE id = ?",
            [Int64(clamping: offset), Data(conversation.bytes)]
        )
    }

    private func putBy(_ page: Docket_V1_SnapshotReply) throws {
        try execute(
            "INSERT INTO snapshot_page(reply) VALUES (?)",
            [try page.serializedData()]
        )
    }

    /// The page of a snapshot that was put by last; nil where none is.
    func lastPage() throws -> Docket_V1_SnapshotReply? {
        try Row.fetchOne(
            database,
            sql: "SELECT reply FROM snapshot_page ORDER BY number DESC LIMIT 1"
        ).map(Self.page)
    }

    private static func page(_ row: Row) throws -> Docket_V1_SnapshotReply {
        let reading = RowReading(row, of: "a page of a snapshot")
        let bytes = try reading.bytes(0)
        guard let page = try? Docket_V1_SnapshotReply(serializedBytes: bytes) else {
            throw reading.damage
        }
        return page
    }

    /// Takes all pages of a snapshot at one go, so that nobody sees a part of them.
    private func replaceAll(withLast page: Docket_V1_SnapshotReply) throws {
        let asOf = Cursor(epoch: Array(page.asOf.epoch), offset: page.asOf.offset)
        try forgetOtherLives(asOf)
        try execute("UPDATE conversation SET is_current = 0", [])
        let pages = try Row.fetchCursor(
            database,
            sql: "SELECT reply FROM snapshot_page ORDER BY number"
        )
        while let row = try pages.next() {
            for conversation in try Self.page(row).conversations {
                try take(conversation, asOf: asOf)
            }
        }
        for conversation in page.conversations { try take(conversation, asOf: asOf) }
        try forgetOthers()
        try stand(at: asOf)
        try execute("DELETE FROM snapshot_page", [])
    }

    /// Takes a conversation of a snapshot, whose events up to there the client has not seen.
    private func take(_ conversation: Docket_V1_Conversation, asOf: Cursor) throws {
        let unseen = try cursor().map { $0.offset &+ 1 } ?? 0
        if var row = try row(of: conversation.id) {
            row.update(with: conversation)
            try write(row)
            if unseen <= asOf.offset { try addHole(conversation.id, unseen...asOf.offset) }
        } else {
            try write(ConversationRow(conversation))
            try addHole(conversation.id, 0...asOf.offset)
        }
    }

    /// Forgets everything that was of another life of the log.
    private func forgetOtherLives(_ asOf: Cursor) throws {
        guard let cursor = try cursor(), cursor.epoch != asOf.epoch else { return }
        for table in LocalSchema.cacheTables where table != "snapshot_page" {
            try execute("DELETE FROM \(table)", [])
        }
    }

    /// Forgets the conversations that a snapshot did not have.
    private func forgetOthers() throws {
        for table in ["event", "hole"] {
            try execute(
                """
                DELETE FROM \(table) WHERE conversation IN (
                    SELECT id FROM conversation WHERE is_current = 0
                )
                """,
                []
            )
        }
        try execute("DELETE FROM conversation WHERE is_current = 0", [])
    }

    private func stand(at asOf: Cursor) throws {
        try execute(
            """
            INSERT INTO replica(id, epoch, offset) VALUES (1, ?, ?)
            ON CONFLICT(id) DO UPDATE SET epoch = excluded.epoch, offset = excluded.offset
            """,
            [Data(asOf.epoch), Int64(clamping: asOf.offset)]
        )
    }

    /// Applies what comes behind the cursor; what a reset has overtaken is left out.
    private func feed(_ events: [ReplicaEvent], _ cursor: Cursor) throws {
        guard let last = try self.cursor(), last.epoch == cursor.epoch,
            last.offset <= cursor.offset
        else { return }
        let owner = try ownerID()
        var rows: [Data: ConversationRow] = [:]
        for entry in events where entry.offset > last.offset {
            let id = entry.event.conversationID
            guard ConversationID(bytes: id) != nil else { continue }
            var row = try rows[id] ?? self.row(of: id) ?? begun(by: entry)
            row.apply(entry.event, owner: owner)
            rows[id] = row
            try insert(entry)
        }
        for row in rows.values { try write(row) }
        try execute(
            "DELETE FROM event WHERE is_told = 0 AND offset > ? AND offset <= ?",
            [Int64(clamping: last.offset), Int64(clamping: cursor.offset)]
        )
        try execute("UPDATE replica SET offset = ?", [Int64(clamping: cursor.offset)])
    }

    /// A conversation that the client hears of for the first time.
    private func begun(by entry: ReplicaEvent) throws -> ConversationRow {
        if case .conversationOpened = entry.event.fact {
        } else if entry.offset > 0 {
            // What was said before became visible only now.
            try addHole(entry.event.conversationID, 0...(entry.offset - 1))
        }
        return ConversationRow(firstNamedBy: entry.event)
    }

    private func fill(
        _ conversation: ConversationID,
        with events: [ReplicaEvent],
        _ filled: ClosedRange<UInt64>
    ) throws {
        let id = Data(conversation.bytes)
        guard var row = try row(of: id) else { return }
        let owner = try ownerID()
        try execute(
            """
            DELETE FROM event
            WHERE conversation = ? AND is_told = 0 AND offset >= ? AND offset <= ?
            """,
            [id, Int64(clamping: filled.lowerBound), Int64(clamping: filled.upperBound)]
        )
        for entry in events {
            row.mark(entry.event, owner: owner)
            try insert(entry)
        }
        try write(row)
        try removeHole(id, filled)
    }

    /// Keeps an own message where it stands, unless the server has told it already.
    ///
    /// It goes again when the server tells that part of the log without it, or another life of the
    /// log is read: a restore can have taken back what the server had acknowledged.
    private func taken(_ entry: ReplicaEvent) throws {
        guard case .messagePosted(let posted) = entry.event.fact,
            let id = MessageID(bytes: posted.messageID), try !hasMessage(id)
        else { return }
        try insert(entry, isTold: false)
    }

    private func update(with request: Docket_V1_Request) throws {
        guard var row = try row(of: request.conversationID) else { return }
        row.update(with: request)
        try write(row)
    }

    private func insert(_ entry: ReplicaEvent, isTold: Bool = true) throws {
        var message: Data?
        if case .messagePosted(let posted) = entry.event.fact { message = posted.messageID }
        try execute(
            """
            INSERT INTO event(conversation, offset, is_shown, is_told, message, author, body)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(conversation, offset) DO UPDATE SET is_shown = excluded.is_shown,
                is_told = excluded.is_told, message = excluded.message, author = excluded.author,
                body = excluded.body
            """,
            [
                entry.event.conversationID, Int64(clamping: entry.offset),
                entry.event.isShown ? 1 : 0, isTold ? 1 : 0, message, entry.event.actor.id,
                try entry.event.serializedData(),
            ]
        )
    }

    private func write(_ row: ConversationRow) throws {
        try execute(
            """
            INSERT INTO conversation(
                id, body, changed_at, read_up_to, read_by_others, lacks_request, is_current
            ) VALUES (?, ?, ?, ?, ?, ?, 1)
            ON CONFLICT(id) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at,
                read_up_to = excluded.read_up_to, read_by_others = excluded.read_by_others,
                lacks_request = excluded.lacks_request, is_current = 1
            """,
            [
                row.conversation.id, try row.conversation.serializedData(),
                Int64(clamping: row.changedMilliseconds), Int64(clamping: row.readUpTo),
                Int64(clamping: row.readByOthers), row.lacksRequest ? 1 : 0,
            ]
        )
    }

    // MARK: Holes

    /// Notes that a part of a conversation is not known, as one with the holes that it touches.
    private func addHole(_ conversation: Data, _ range: ClosedRange<UInt64>) throws {
        var (low, high) = (range.lowerBound, range.upperBound)
        for hole in try holes(of: conversation)
        where hole.lowerBound <= high &+ 1 && hole.upperBound &+ 1 >= low {
            low = min(low, hole.lowerBound)
            high = max(high, hole.upperBound)
            try remove(hole, of: conversation)
        }
        try insert(low...high, of: conversation)
    }

    /// Notes that a part of a conversation is known.
    private func removeHole(_ conversation: Data, _ range: ClosedRange<UInt64>) throws {
        for hole in try holes(of: conversation) where hole.overlaps(range) {
            try remove(hole, of: conversation)
            if hole.lowerBound < range.lowerBound {
                try insert(hole.lowerBound...(range.lowerBound - 1), of: conversation)
            }
            if hole.upperBound > range.upperBound {
                try insert((range.upperBound + 1)...hole.upperBound, of: conversation)
            }
        }
    }

    private func insert(_ hole: ClosedRange<UInt64>, of conversation: Data) throws {
        try execute(
            "INSERT INTO hole(conversation, low, high) VALUES (?, ?, ?)",
            [conversation, Int64(clamping: hole.lowerBound), Int64(clamping: hole.upperBound)]
        )
    }

    private func remove(_ hole: ClosedRange<UInt64>, of conversation: Data) throws {
        try execute(
            "DELETE FROM hole WHERE conversation = ? AND low = ?",
            [conversation, Int64(clamping: hole.lowerBound)]
        )
    }

    /// The parts of a conversation that are not known, in order.
    func holes(of conversation: Data) throws -> [ClosedRange<UInt64>] {
        let statement = try database.cachedStatement(
            sql: "SELECT low, high FROM hole WHERE conversation = ? ORDER BY low"
        )
        return try Row.fetchAll(statement, arguments: [conversation]).map { row in
            let reading = RowReading(row, of: "a hole")
            let (low, high) = (try reading.offset(0), try reading.offset(1))
            guard low <= high else { throw reading.damage }
            return low...high
        }
    }

    // MARK: Reading

    private func ownerID() throws -> Data {
        try Data.fetchOne(database, sql: "SELECT principal FROM owner") ?? Data()
    }

    /// A conversation; nil when there is none.
    func row(of conversation: Data) throws -> ConversationRow? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(Self.columns) FROM conversation WHERE id = ?"
        )
        return try Row.fetchOne(statement, arguments: [conversation]).map(Self.row)
    }

    /// All conversations, the one that changed last first.
    func rows(limit: Int) throws -> [ConversationRow] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT \(Self.columns) FROM conversation
                ORDER BY changed_at DESC, id DESC LIMIT ?
                """,
            arguments: [limit]
        ).map(Self.row)
    }

    /// The newest requests of conversations of which only the id is known.
    func lackingRequests(limit: Int) throws -> [RequestID] {
        try Row.fetchAll(
            database,
            sql: "SELECT \(Self.columns) FROM conversation WHERE lacks_request = 1 LIMIT ?",
            arguments: [limit]
        ).compactMap { RequestID(bytes: try Self.row($0).conversation.newestRequest.id) }
    }

    private static let columns = "body, changed_at, read_up_to, read_by_others"

    private static func row(_ row: Row) throws -> ConversationRow {
        let reading = RowReading(row, of: "a conversation")
        let body = try reading.bytes(0)
        guard let conversation = try? Docket_V1_Conversation(serializedBytes: body) else {
            throw reading.damage
        }
        var result = ConversationRow(conversation)
        result.changedMilliseconds = try reading.offset(1)
        result.readUpTo = try reading.offset(2)
        result.readByOthers = try reading.offset(3)
        return result
    }

    /// The newest events of a conversation that are shown, below an offset and in order.
    func events(of conversation: Data, below offset: UInt64?, limit: Int) throws -> [ReplicaEvent] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT body, offset FROM event
                WHERE conversation = ? AND offset < ? AND is_shown = 1
                ORDER BY offset DESC LIMIT ?
                """
        )
        let end = offset.map { Int64(clamping: $0) } ?? .max
        let rows = try Row.fetchAll(statement, arguments: [conversation, end, limit])
        return try rows.reversed().map(Self.event)
    }

    /// Where the newest shown event of a conversation stands, up to an offset; nil for none.
    func lastShown(of conversation: ConversationID, upTo offset: UInt64) throws -> UInt64? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT offset FROM event WHERE conversation = ? AND offset <= ? AND is_shown = 1
                ORDER BY offset DESC LIMIT 1
                """
        )
        let arguments: StatementArguments = [
            Data(conversation.bytes), Int64(clamping: offset),
        ]
        guard let row = try Row.fetchOne(statement, arguments: arguments) else { return nil }
        return try RowReading(row, of: "an event").offset(0)
    }

    private static func event(_ row: Row) throws -> ReplicaEvent {
        let reading = RowReading(row, of: "an event")
        let body = try reading.bytes(0)
        guard let event = try? Docket_V1_Event(serializedBytes: body) else { throw reading.damage }
        return ReplicaEvent(event, at: try reading.offset(1))
    }

    /// The newest message of a conversation.
    func lastMessage(of conversation: Data) throws -> ReplicaEvent? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT body, offset FROM event WHERE conversation = ? AND message IS NOT NULL
                ORDER BY offset DESC LIMIT 1
                """
        )
        return try Row.fetchOne(statement, arguments: [conversation]).map(Self.event)
    }

    /// How many messages of others stand behind an offset, up to a limit.
    func unread(in conversation: Data, above offset: UInt64, limit: Int) throws -> Int {
        let statement = try database.cachedStatement(
            sql: """
                SELECT count(*) FROM (
                    SELECT 1 FROM event
                    WHERE conversation = ? AND message IS NOT NULL AND offset > ? AND author <> ?
                    LIMIT ?
                )
                """
        )
        let arguments: StatementArguments = [
            conversation, Int64(clamping: offset), try ownerID(), limit,
        ]
        return try Int.fetchOne(statement, arguments: arguments) ?? 0
    }

    /// How far the owner has read a conversation, whether or not the server knows it yet.
    func readUpTo(_ row: ConversationRow) throws -> UInt64 {
        let mark = try ReadMarkTable(database).mark(in: row.conversation.id)
        guard let mark, try mark.epoch == nil || mark.epoch == cursor()?.epoch else {
            return row.readUpTo
        }
        return max(row.readUpTo, mark.position)
    }

    /// Whether a message is there, as the server has told it or as its receipt says.
    func hasMessage(_ id: MessageID) throws -> Bool {
        let statement = try database.cachedStatement(sql: "SELECT 1 FROM event WHERE message = ?")
        return try Int.fetchOne(statement, arguments: [Data(id.bytes)]) != nil
    }

    private func execute(_ text: String, _ arguments: StatementArguments) throws {
        try database.cachedStatement(sql: text).execute(arguments: arguments)
    }
}

extension RowReading {
    /// A number that is never negative.
    fileprivate func offset(_ column: Int) throws(LocalStoreError) -> UInt64 {
        guard let value = UInt64(exactly: try integer(column)) else { throw damage }
        return value
    }
}
