internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import GRDB

/// Changes a store through its one writing connection, inside a transaction.
final class SQLiteTransaction: SQLiteReading, StoreTransaction {
    let database: Database
    private let keys: ConversationKeys
    private var head: UInt64?
    private var nextNumber: UInt64?

    init(_ database: Database, keys: ConversationKeys) {
        self.database = database
        self.keys = keys
    }

    private func execute(
        _ sql: String,
        _ arguments: StatementArguments
    ) throws(StoreError) {
        try storing {
            try database.cachedStatement(sql: sql).execute(arguments: arguments)
        }
    }

    // MARK: Log

    func position() throws(StoreError) -> LogPosition {
        let position = try SQLiteReader(database: database).position()
        head = position.head
        return position
    }

    func append(
        _ event: Data,
        to conversation: ConversationID,
        audience: Audience
    ) throws(StoreError) -> UInt64 {
        let last = if let head { head } else { try position().head }
        let offset = last + 1
        try execute(
            Statements.append,
            [
                Int64(clamping: offset), try key(of: conversation), Int64(audience.rawValue),
                event,
            ]
        )
        head = offset
        return offset
    }

    /// The key of a conversation, which is looked up once and then remembered.
    private func key(of conversation: ConversationID) throws(StoreError) -> Int64 {
        if let key = keys[conversation] { return key }
        let found = try row(Statements.conversationKey, [conversation.data]) { $0.integer(0) }
        guard let found else { throw .corrupted("a conversation is missing") }
        keys[conversation] = found
        return found
    }

    // MARK: Commands

    func keep(
        _ record: CommandRecord,
        of command: CommandID,
        at moment: Timestamp
    ) throws(StoreError) {
        switch record.answer {
        case .created(let offset):
            try execute(
                Statements.keepCreation,
                [
                    command.data, Int64(clamping: offset), record.principal?.data,
                    record.digest.bytes,
                ]
            )
        case .accepted(let offset, let payload):
            try keepVerdict(
                record,
                of: command,
                at: moment,
                offset: offset,
                payload: payload,
                rejection: nil
            )
        case .refused(let rejection):
            try keepVerdict(
                record,
                of: command,
                at: moment,
                offset: 0,
                payload: Data(),
                rejection: rejection
            )
        }
    }

    private func keepVerdict(
        _ record: CommandRecord,
        of command: CommandID,
        at moment: Timestamp,
        offset: UInt64,
        payload: Data,
        rejection: Rejection?
    ) throws(StoreError) {
        try execute(
            Statements.keepVerdict,
            [
                command.data, Int64(clamping: moment.milliseconds), record.principal?.data,
                record.digest.bytes, Int64(clamping: offset), payload, rejection?.reason,
                rejection?.detail,
            ]
        )
    }

    func purgeVerdicts(before moment: Timestamp, limit: Int) throws(StoreError) -> Int {
        try execute(
            Statements.purgeVerdicts,
            [Int64(clamping: moment.milliseconds), limit]
        )
        return database.changesCount
    }

    // MARK: Conversations and requests

    func insert(
        _ conversation: Conversation,
        openedAt offset: UInt64
    ) throws(StoreError) {
        try execute(
            Statements.insertConversation,
            [
                conversation.id.data, conversation.contact.id.data, conversation.channel,
                Int64(clamping: offset),
            ]
        )
        keys[conversation.id] = database.lastInsertedRowID
    }

    func nextRequestNumber() throws(StoreError) -> UInt64 {
        if let nextNumber { return nextNumber }
        let next = try SQLiteReader(database: database).nextRequestNumber()
        nextNumber = next
        return next
    }

    func insert(_ request: SupportRequest) throws(StoreError) {
        let number = Int64(clamping: request.number)
        let conversation = try key(of: request.conversation)
        try execute(
            Statements.insertRequest,
            [
                number, request.id.data, conversation, request.previous?.data,
                Int64(clamping: request.openedAt.milliseconds), request.status,
                Int64(request.category.rawValue),
                Int64(clamping: request.statusSince.milliseconds), request.assignee?.id.data,
                Int64(clamping: request.version), Int64(clamping: request.sequence),
                Int64(clamping: request.noteSequence),
                Int64(clamping: request.changedAt.milliseconds), request.description,
            ] + StatementArguments(request.session)
                + [Int64(clamping: request.sessionCount)]
        )
        try execute(Statements.setNewestRequest, [number, conversation])
        try execute(Statements.countNumber, [number + 1])
        nextNumber = request.number + 1
    }

    func update(
        _ request: SupportRequest,
        from before: SupportRequest
    ) throws(StoreError) {
        let number = Int64(clamping: request.number)
        try execute(
            Statements.updateTalk,
            [
                Int64(clamping: request.version), Int64(clamping: request.sequence),
                Int64(clamping: request.noteSequence),
                Int64(clamping: request.changedAt.milliseconds),
            ] + StatementArguments(request.session)
                + [Int64(clamping: request.sessionCount), number]
        )
        guard
            request.status != before.status || request.category != before.category
                || request.statusSince != before.statusSince
                || request.assignee != before.assignee
        else { return }
        try execute(
            Statements.updateWork,
            [
                request.status, Int64(request.category.rawValue),
                Int64(clamping: request.statusSince.milliseconds), request.assignee?.id.data,
                number,
            ]
        )
    }

    func keep(
        _ mark: ReadMark,
        of principal: PrincipalID,
        in conversation: ConversationID
    ) throws(StoreError) {
        try execute(
            Statements.keepReadMark,
            [
                principal.data, try key(of: conversation), Int64(clamping: mark.upTo),
                Int64(clamping: mark.offset),
            ]
        )
    }

    // MARK: Timers

    func set(_ timer: TimerRecord) throws(StoreError) {
        try execute(
            Statements.setTimer,
            [
                timer.request.data, Int64(timer.kind.rawValue), Int64(clamping: timer.version),
                Int64(clamping: timer.due.milliseconds),
            ]
        )
    }

    func removeTimer(of request: RequestID, kind: TimerRecord.Kind) throws(StoreError) {
        try execute(Statements.removeTimer, [request.data, Int64(kind.rawValue)])
    }

    // MARK: Identities

    func insert(_ principal: PrincipalRecord, at moment: Timestamp) throws(StoreError) {
        let columns = PrincipalColumns(principal.details)
        try execute(
            Statements.insertPrincipal,
            [
                principal.id.data, columns.kind, principal.name, columns.role, columns.login,
                columns.password, columns.secret, columns.channel, columns.integration,
                columns.externalID, Int64(clamping: moment.milliseconds),
            ]
        )
    }

    func insert(_ key: APIKeyRecord, at moment: Timestamp) throws(StoreError) {
        try execute(
            Statements.insertKey,
            [
                key.keyID, key.principal.data, key.secret.bytes,
                Int64(clamping: moment.milliseconds),
            ]
        )
    }

    func revokeKeys(of principal: PrincipalID, at moment: Timestamp) throws(StoreError) {
        try execute(
            Statements.revokeKeys,
            [Int64(clamping: moment.milliseconds), principal.data]
        )
    }

    func insert(_ session: SessionRecord) throws(StoreError) {
        try execute(
            Statements.insertSession,
            [
                session.token.bytes, session.principal.id?.data,
                Int64(clamping: session.expiresAt.milliseconds),
            ]
        )
    }

    func endSession(_ token: Digest) throws(StoreError) -> Bool {
        try execute(Statements.endSession, [token.bytes])
        return database.changesCount > 0
    }

    func endSessions(of principal: PrincipalID) throws(StoreError) -> [Digest] {
        try rows(Statements.endSessions, [principal.data]) { try $0.digest(0) }
    }

    func purgeSessions(before moment: Timestamp, limit: Int) throws(StoreError) -> Int {
        try execute(
            Statements.purgeSessions,
            [Int64(clamping: moment.milliseconds), limit]
        )
        return database.changesCount
    }
}

extension StatementArguments {
    /// The columns of a live period: its ordinal, last author and last message's moment.
    fileprivate init(_ session: LiveSession?) {
        self = [
            session.map { Int64(clamping: $0.ordinal) },
            session.map { Int64($0.lastAuthor.rawValue) },
            session.map { Int64(clamping: $0.lastMessageAt.milliseconds) },
        ]
    }
}
