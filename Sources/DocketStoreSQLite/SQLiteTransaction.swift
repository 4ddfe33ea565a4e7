internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import GRDB

/// Changes a store through its one writing connection, inside a transaction.
final class SQLiteTransaction: SQLiteReading, StoreTransaction {
    let database: Database
    let memory: WriterMemory
    private var head: UInt64?
    private var nextNumber: UInt64?
    /// Requests that have changed and are not written yet, as the store has them and as they are.
    ///
    /// A busy conversation's request changes with every message: it is written once a transaction.
    private var changes: [UInt64: (before: SupportRequest, after: SupportRequest)] = [:]

    init(_ database: Database, memory: WriterMemory) {
        self.database = database
        self.memory = memory
    }

    /// The statement, prepared; what waits to be written and concerns it has been written then.
    func statement(_ sql: SQL) throws -> Statement {
        if sql.namesRequests, !changes.isEmpty { try flush() }
        return try memory.statement(sql, in: database)
    }

    /// Runs a statement that gives no rows.
    func execute(_ sql: SQL, _ arguments: [SQLValue]) throws(StoreError) {
        try storing {
            try StatementRow.execute(statement(sql), arguments, in: database)
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
        to conversation: ConversationID?,
        audience: Audience,
        digest: AuditDigest
    ) throws(StoreError) -> UInt64 {
        let last = if let head { head } else { try position().head }
        let offset = last + 1
        try execute(
            Statements.append,
            [
                .number(offset), .integer(try conversation.map(key) ?? Self.noConversation),
                .number(audience.rawValue), .blob(event), .auditDigest(digest),
            ]
        )
        head = offset
        return offset
    }

    /// Stands for the conversation of an entry that concerns the desk as a whole.
    private static let noConversation: Int64 = 0

    /// The key of a conversation, which is looked up once and then remembered.
    private func key(of conversation: ConversationID) throws(StoreError) -> Int64 {
        if let key = memory.key(of: conversation) { return key }
        let found = try row(Statements.conversationKey, [.id(conversation)]) { $0.integer(0) }
        guard let found else { throw .corrupted("a conversation is missing") }
        memory.keep(key: found, of: conversation)
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
                    .id(command), .number(offset), .id(record.principal), .digest(record.digest),
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
                .id(command), .moment(moment), .id(record.principal), .digest(record.digest),
                .number(offset), .blob(payload), .text(rejection?.reason),
                .text(rejection?.detail),
            ]
        )
    }

    func purgeVerdicts(before moment: Timestamp, limit: Int) throws(StoreError) -> Int {
        try execute(
            Statements.purgeVerdicts,
            [.moment(moment), .number(limit)]
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
                .id(conversation.id), .id(conversation.contact.id), .text(conversation.channel),
                .number(offset), .integer(conversation.isInternal ? 1 : 0),
            ]
        )
        memory.keep(key: database.lastInsertedRowID, of: conversation.id)
        memory.keep(Situation(conversation: conversation), of: conversation.id)
    }

    /// A conversation with its newest request, remembered from the last time it was read or changed
    /// where that is not long ago.
    func situation(of conversation: ConversationID) throws(StoreError) -> Situation {
        if let known = memory.situation(of: conversation) { return known }
        let situation = try row(Statements.situationOfConversation, [.id(conversation)]) { row in
            try row.situation().situation
        }
        guard let situation else { return Situation() }
        memory.keep(situation, of: conversation)
        return situation
    }

    func nextRequestNumber() throws(StoreError) -> UInt64 {
        if let nextNumber { return nextNumber }
        let next = try SQLiteReader(database: database).nextRequestNumber()
        nextNumber = next
        return next
    }

    func insert(_ request: SupportRequest, openedAt offset: UInt64) throws(StoreError) {
        let conversation = try key(of: request.conversation)
        try execute(
            Statements.insertRequest,
            [
                .number(request.number), .id(request.id), .integer(conversation),
                .id(request.previous), .moment(request.openedAt), .text(request.status),
                .number(request.category.rawValue), .moment(request.statusSince),
                .id(request.assignee?.id), .number(request.version), .number(request.sequence),
                .number(request.noteSequence), .moment(request.changedAt),
                .text(request.description), .number(request.session?.ordinal),
                .number(request.session?.lastAuthor.rawValue),
                .moment(request.session?.lastMessageAt), .number(request.sessionCount),
                .number(request.details.kind.rawValue), .text(request.details.topic),
                .text(request.details.type), .text(request.details.priority),
                .blob(request.details.encoded), .number(offset),
                .number(request.turn?.lastAuthor.rawValue), .moment(request.turn?.waitingSince),
                .number(request.versionForContact), .moment(request.changedForContactAt),
            ]
        )
        let number = SQLValue.number(request.number)
        try writeFieldUse(of: request, over: [:])
        try execute(Statements.keepChannel, [number])
        try execute(Statements.countNumber, [.number(request.number + 1)])
        nextNumber = request.number + 1
        guard request.details.isRouted else { return }
        try execute(Statements.setNewestRequest, [number, .integer(conversation)])
        memory.keep(newest: request)
    }

    func setNewest(
        _ request: RequestID?,
        of conversation: ConversationID
    ) throws(StoreError) {
        let number = try request.map { id throws(StoreError) in
            try situation(ofRequest: id).request?.number
        }
        try execute(
            Statements.setNewestRequest,
            [.number(number ?? nil), .integer(try key(of: conversation))]
        )
        memory.forget(conversation)
    }

    func update(
        _ request: SupportRequest,
        from before: SupportRequest
    ) throws(StoreError) {
        let stored = changes[request.number]?.before ?? before
        changes[request.number] = (stored, request)
        if memory.situation(of: request.conversation)?.request?.id == request.id {
            memory.keep(newest: request)
        }
    }

    /// Forgets what is remembered with a name that has changed.
    func forgetNames() { memory.forget() }

    /// Writes the requests that have changed.
    func flush() throws(StoreError) {
        let all = changes.sorted { $0.key < $1.key }
        changes = [:]
        for (_, change) in all { try write(change.after, over: change.before) }
    }

    private func write(
        _ request: SupportRequest,
        over before: SupportRequest
    ) throws(StoreError) {
        try execute(
            Statements.updateTalk,
            [
                .number(request.version), .number(request.sequence),
                .number(request.noteSequence), .moment(request.changedAt),
                .number(request.session?.ordinal),
                .number(request.session?.lastAuthor.rawValue),
                .moment(request.session?.lastMessageAt), .number(request.sessionCount),
                .number(request.turn?.lastAuthor.rawValue), .moment(request.turn?.waitingSince),
                .number(request.versionForContact), .moment(request.changedForContactAt),
                .number(request.number),
            ]
        )
        if request.description != before.description {
            try execute(
                Statements.updateDescription,
                [.text(request.description), .number(request.number)]
            )
        }
        if !request.hasSameDetails(as: before) { try writeDetails(request, over: before) }
        guard
            request.status != before.status || request.category != before.category
                || request.statusSince != before.statusSince
                || request.assignee != before.assignee
        else { return }
        try execute(
            Statements.updateWork,
            [
                .text(request.status), .number(request.category.rawValue),
                .moment(request.statusSince), .id(request.assignee?.id),
                .number(request.number),
            ]
        )
    }

    private func writeDetails(
        _ request: SupportRequest,
        over before: SupportRequest
    ) throws(StoreError) {
        let details = request.details
        let number = SQLValue.number(request.number)
        try execute(Statements.updateDetails, [.blob(details.encoded), number])
        let earlier = before.details
        try writeFieldUse(of: request, over: earlier.fields)
        guard
            details.topic != earlier.topic || details.type != earlier.type
                || details.priority != earlier.priority
        else { return }
        try execute(
            Statements.updateKeys,
            [.text(details.topic), .text(details.type), .text(details.priority), number]
        )
    }

    /// Keeps which fields of a request hold something, where that has changed.
    private func writeFieldUse(
        of request: SupportRequest,
        over before: [FieldKey: FieldValue]
    ) throws(StoreError) {
        let number = SQLValue.number(request.number)
        let fields = request.details.fields
        for field in fields.keys.sorted() where before[field] == nil {
            try execute(Statements.addFieldUse, [.text(field), number])
        }
        for field in before.keys.sorted() where fields[field] == nil {
            try execute(Statements.removeFieldUse, [.text(field), number])
        }
    }

    func keep(
        _ mark: ReadMark,
        of principal: PrincipalID,
        in conversation: ConversationID
    ) throws(StoreError) {
        try execute(
            Statements.keepReadMark,
            [
                .id(principal), .integer(try key(of: conversation)), .number(mark.upTo),
                .number(mark.receivedUpTo), .number(mark.offset),
            ]
        )
    }

    // MARK: Timers

    func set(_ timer: TimerRecord) throws(StoreError) {
        try execute(
            Statements.setTimer,
            [
                .id(timer.request), .number(timer.kind.rawValue), .number(timer.version),
                .moment(timer.due), .span(timer.setBack),
            ]
        )
    }

    func setTimersBack(by span: Duration, at moment: Timestamp) throws(StoreError) {
        try execute(Statements.setTimersBack, [.signedSpan(span)])
        try execute(Statements.keepLastSetBack, [.moment(moment)])
    }

    func removeTimer(of request: RequestID, kind: TimerRecord.Kind) throws(StoreError) {
        try execute(Statements.removeTimer, [.id(request), .number(kind.rawValue)])
    }

    func keep(timersRevisedThrough number: UInt64?) throws(StoreError) {
        try execute(Statements.keepTimersRevisedThrough, [.number(number)])
    }

    // MARK: Identities

    func insert(_ principal: PrincipalRecord, at moment: Timestamp) throws(StoreError) {
        let columns = PrincipalColumns(principal.details)
        try execute(
            Statements.insertPrincipal,
            [
                .id(principal.id), .integer(columns.kind), .text(principal.name),
                .number(columns.role), .text(columns.login), .text(columns.password),
                .blob(columns.secret), .text(columns.channel), .blob(columns.integration),
                .text(columns.externalID), .moment(moment),
            ]
        )
        if let profile = ContactProfile(new: principal, at: moment) { try insert(profile) }
    }
}
