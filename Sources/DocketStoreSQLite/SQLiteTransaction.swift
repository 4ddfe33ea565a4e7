internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import GRDB

/// Changes a store through its one writing connection, inside a transaction.
///
/// Entries of the log are written together at its end, and the rows of requests that have changed
/// are put off to a later one: see `Backlog`.
final class SQLiteTransaction: SQLiteReading, StoreTransaction {
    let database: Database
    let memory: WriterMemory
    private var nextNumber: UInt64?
    /// The entries that are not written yet.
    private var entries: [UnwrittenEntry] = []
    /// The offset of the log's last entry when the transaction began.
    private var begin: UInt64?
    private var head: UInt64?
    /// The requests that this transaction has changed and not written.
    private var changes: [UInt64: Backlog.Change] = [:]
    /// Whether this transaction has written every request of the backlog.
    private var hasWrittenAll = false
    /// The requests of the backlog that this transaction has written.
    private var written: Set<UInt64> = []
    /// The rows that are not written yet.
    var newRows = NewRows()
    /// Whether requests were added.
    private var hasCounted = false
    /// The chain's end, once it is known.
    var chain: AuditChain?
    /// The offset through which this transaction has brought the index of creations.
    var indexed: UInt64?
    /// The creations that entries of this transaction carry, in the order of the entries.
    private var creations: [(command: CommandID, record: CommandRecord, offset: UInt64)] = []
    /// Where a creation stands among them.
    private var creationPlaces: [CommandID: Int] = [:]

    init(_ database: Database, memory: WriterMemory) {
        self.database = database
        self.memory = memory
    }

    /// The statement, prepared; what waits to be written and concerns it has been written then.
    func statement(_ sql: SQL) throws -> Statement {
        if !sql.ignoresNewRows, !newRows.isEmpty { try writeNewRows() }
        if sql.readsRequests { try writeRequests() }
        if sql.readsLog, !entries.isEmpty { try writeEntries() }
        return try memory.statement(sql, in: database)
    }

    /// Runs a statement that gives no rows.
    func execute<let count: Int>(
        _ sql: SQL,
        _ arguments: [count of SQLValue]
    ) throws(StoreError) {
        do {
            try StatementRow.execute(statement(sql), arguments.span, in: database)
        } catch {
            throw StoreError(error)
        }
    }

    // MARK: Log

    func position() throws(StoreError) -> LogPosition {
        let stored = try storedPosition()
        return LogPosition(epoch: stored.epoch, floor: stored.floor, head: try logHead())
    }

    /// The offset of the log's last entry, with those that are not written yet.
    func logHead() throws(StoreError) -> UInt64 {
        if let head { return head }
        let found = if let known = memory.head { known } else { try storedPosition().head }
        (head, begin) = (found, found)
        return found
    }

    func append(
        _ event: Data,
        to conversation: ConversationID?,
        audience: Audience,
        digest: Digest
    ) throws(StoreError) -> UInt64 {
        let offset = try logHead() + 1
        let entry = UnwrittenEntry(
            offset: offset,
            conversation: try conversation.map(key) ?? Self.noConversation,
            audience: audience,
            event: event,
            digest: digest
        )
        entries.append(entry)
        head = offset
        return offset
    }

    /// Writes the entries that are not written yet.
    private func writeEntries() throws(StoreError) {
        let unwritten = entries
        entries = []
        for entry in unwritten {
            try execute(Statements.append, entry.values)
        }
    }

    /// Has the last entry carry the chain's value with it; `false` where that entry is written
    /// already.
    func carry(_ chain: AuditChain) -> Bool {
        guard let last = entries.indices.last, entries[last].offset == chain.offset else {
            return false
        }
        entries[last].chain = chain.value
        return true
    }

    /// Ends the transaction: what it has put off is left to others then.
    ///
    /// Only what entries of its own tell may be put off: nobody else could make it of the log.
    func finish() throws(StoreError) {
        if head == begin, !changes.isEmpty { try writeRequests() }
        try writeNewRows()
        try writeEntries()
        guard hasCounted, let nextNumber else { return }
        try execute(Statements.countNumber, [.number(nextNumber)])
    }

    /// Writes the rows that are not written yet, table by table, each after those that it names.
    func writeNewRows() throws(StoreError) {
        guard !newRows.isEmpty else { return }
        let rows = newRows
        newRows = NewRows()
        for row in rows.principals { try execute(Statements.insertPrincipal, row) }
        for row in rows.profiles { try execute(Statements.insertProfile, row) }
        for row in rows.addresses { try execute(Statements.insertAddress, row) }
        for row in rows.conversations { try execute(Statements.insertConversation, row.values) }
        for row in rows.requests { try execute(Statements.insertRequest, row) }
        for row in rows.tickets { try execute(Statements.insertTicket, row) }
    }

    /// Hands what was put off to the backlog, after the commit.
    func settle() {
        for number in written { memory.backlog.forget(request: number) }
        for change in changes.values {
            memory.backlog.note(
                change.after,
                over: change.before,
                from: change.since,
                through: change.through
            )
        }
        for creation in creations {
            memory.backlog.note(creation.record, of: creation.command, at: creation.offset)
        }
        if let indexed {
            memory.backlog.forgetCreations(through: indexed)
            memory.followed = indexed
        }
        memory.head = head ?? memory.head
        memory.chain = chain ?? memory.chain
        memory.nextNumber = nextNumber ?? memory.nextNumber
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
        memory.recent?.insert(command, at: moment)
        switch record.answer {
        case .created(let offset):
            guard !carry(record, of: command, at: offset) else { return }
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

    /// Has the entry that tells of a creation carry its command; `false` where that entry is
    /// written already, or carries another.
    private func carry(
        _ record: CommandRecord,
        of command: CommandID,
        at offset: UInt64
    ) -> Bool {
        guard let first = entries.first?.offset, offset >= first,
            let place = Int(exactly: offset - first), place < entries.count,
            entries[place].creation == nil
        else { return false }
        entries[place].creation = (command, record)
        creationPlaces[command] = creations.count
        creations.append((command, record, offset))
        return true
    }

    func record(of command: CommandID) throws(StoreError) -> CommandRecord? {
        if let place = creationPlaces[command] { return creations[place].record }
        if let known = memory.backlog.creations[command] { return known }
        guard !isNew(command) else { return nil }
        return try row(Statements.record, [.id(command)]) { try $0.record() }
    }

    /// Whether it is certain that the store keeps nothing of a command.
    private func isNew(_ command: CommandID) -> Bool { memory.recent?.isNew(command) ?? false }

    /// Reads which commands the store knows; every creation of the log is in its index by then.
    func readRecentCommands() throws(StoreError) -> RecentCommands {
        let last = try entry(at: logHead()).flatMap { Event(encoded: $0.event) }
        let ceiling = RecentCommands.ceiling(at: last?.at ?? Timestamp(milliseconds: 0))
        let floor = try row(Statements.highestCommand, [.id(ceiling)]) { row in
            try row.optionalID(0) as CommandID?
        }
        let ahead: [CommandID] = try rows(
            Statements.commandsFrom,
            [.id(ceiling), .number(RecentCommands.aheadLimit + 1)]
        ) { try $0.id(0) }
        return RecentCommands(above: (floor ?? nil) ?? CommandID(high: 0, low: 0), ahead: ahead)
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
        let key = try nextConversationKey()
        newRows.add(
            ConversationRow(
                key: key,
                conversation: conversation,
                contact: try self.key(of: PrincipalID(conversation.contact.id)),
                offset: offset
            )
        )
        memory.nextConversationKey = key + 1
        memory.keep(key: key, of: conversation.id)
        memory.keep(Situation(conversation: conversation), of: conversation.id)
    }

    /// The key that the next conversation gets.
    private func nextConversationKey() throws(StoreError) -> Int64 {
        if let known = memory.nextConversationKey { return known }
        return try row(Statements.nextConversationKey, []) { $0.integer(0) } ?? 1
    }

    /// A conversation with its newest request, remembered from the last time it was read or changed
    /// where that is not long ago.
    func situation(of conversation: ConversationID) throws(StoreError) -> Situation {
        if let known = memory.situation(of: conversation) { return known }
        let situation = try row(Statements.situationOfConversation, [.id(conversation)]) { row in
            try row.situation().situation
        }
        guard let situation else { return Situation() }
        let current = current(situation)
        memory.keep(current, of: conversation)
        return current
    }

    func situation(
        of contact: ContactID,
        on channel: ChannelKey
    ) throws(StoreError) -> Situation {
        let found = try row(Statements.situationOfContact, [.id(contact), .text(channel)]) { row in
            try row.situation().situation
        }
        return found.map(current) ?? Situation()
    }

    func situation(ofRequest request: RequestID) throws(StoreError) -> Situation {
        if newRows.number(of: request) != nil { try writeNewRows() }
        return current(try storedSituation(ofRequest: request))
    }

    func request(number: UInt64) throws(StoreError) -> SupportRequest? {
        try storedRequest(number: number).map(current)
    }

    /// A situation with its request as it is, where its row is behind.
    private func current(_ situation: Situation) -> Situation {
        guard let request = situation.request else { return situation }
        var current = situation
        current.request = self.current(request)
        return current
    }

    /// A request as it is, where its row is behind.
    private func current(_ request: SupportRequest) -> SupportRequest {
        let number = request.number
        if let change = changes[number] { return change.after }
        guard !written.contains(number) else { return request }
        return memory.backlog.requests[number]?.after ?? request
    }

    func nextRequestNumber() throws(StoreError) -> UInt64 {
        if let nextNumber { return nextNumber }
        let next: UInt64
        if let known = memory.nextNumber {
            next = known
        } else {
            next = try storedNextRequestNumber()
        }
        nextNumber = next
        return next
    }

    func insert(_ request: SupportRequest, openedAt offset: UInt64) throws(StoreError) {
        if newRows.isFull { try writeNewRows() }
        let conversation = try key(of: request.conversation)
        let assignee = try request.assignee.map { agent throws(StoreError) in
            try key(of: PrincipalID(agent.id))
        }
        newRows.add(
            request: [
                .number(request.number), .id(request.id), .integer(conversation),
                .id(request.previous), .moment(request.openedAt), .text(request.status),
                .number(request.category.rawValue), .moment(request.statusSince),
                .number(assignee ?? nil), .number(request.version), .number(request.sequence),
                .number(request.noteSequence), .moment(request.changedAt),
                .text(request.description), .number(request.session?.ordinal),
                .number(request.session?.lastAuthor.rawValue),
                .moment(request.session?.lastMessageAt), .number(request.sessionCount),
                .number(request.details.kind.rawValue), .text(request.details.topic),
                .text(request.details.type), .text(request.details.priority),
                .blob(request.details.encoded), .number(offset),
                .number(request.turn?.lastAuthor.rawValue), .moment(request.turn?.waitingSince),
                .number(request.versionForContact), .moment(request.changedForContactAt),
                .number(try logHead()), .text(request.channel),
            ],
            request.id,
            number: request.number
        )
        let isRouted = request.details.isRouted
        // A conversation that begins with a request is written once, with that.
        let hasBegun = isRouted && newRows.begin(conversation, with: request.number)
        try writeFieldUse(of: request, over: [:])
        nextNumber = request.number + 1
        hasCounted = true
        guard isRouted else { return }
        if !hasBegun {
            try execute(
                Statements.setNewestRequest,
                [.number(request.number), .integer(conversation)]
            )
        }
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
        try update(request, from: before, through: try logHead())
    }

    /// Notes that a request has changed, by entries up to an offset.
    func update(
        _ request: SupportRequest,
        from before: SupportRequest,
        through: UInt64
    ) throws(StoreError) {
        let number = request.number
        // Set anew and not in place: that would take memory for all of it each time.
        let earlier =
            changes[number] ?? (written.contains(number) ? nil : memory.backlog.requests[number])
        changes[number] = Backlog.Change(
            before: earlier?.before ?? before,
            after: request,
            since: earlier?.since ?? (begin ?? through) + 1,
            through: through
        )
        if memory.situation(of: request.conversation)?.request?.id == request.id {
            memory.keep(newest: request)
        }
    }

    /// Forgets what is remembered with a name that has changed.
    func forgetNames() throws(StoreError) {
        try writeRequests()
        memory.forgetSituations()
    }

    /// Writes the rows of the requests that lack an entry up to an offset.
    func writeRequests(lackingUpTo offset: UInt64 = .max) throws(StoreError) {
        guard !changes.isEmpty || (!hasWrittenAll && !memory.backlog.requests.isEmpty) else {
            return
        }
        var due = memory.backlog.requests(since: offset).filter { change in
            !written.contains(change.after.number) && changes[change.after.number] == nil
        }
        due += changes.values.filter { $0.since <= offset }
        for change in due.sorted(by: { $0.after.number < $1.after.number }) {
            let number = change.after.number
            changes[number] = nil
            if memory.backlog.requests[number] != nil { written.insert(number) }
            try write(change.after, over: change.before, through: change.through)
        }
        if offset == .max { hasWrittenAll = true }
    }

    private func write(
        _ request: SupportRequest,
        over before: SupportRequest,
        through offset: UInt64
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
                .number(offset), .number(request.number),
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

    func makeParkedTimersDue(at moment: Timestamp) throws(StoreError) {
        try execute(
            Statements.makeParkedTimersDue,
            [.moment(moment), .moment(TimerRecord.parking)]
        )
    }

    func removeTimer(of request: RequestID, kind: TimerRecord.Kind) throws(StoreError) {
        try execute(Statements.removeTimer, [.id(request), .number(kind.rawValue)])
    }

    func keep(timersRevisedThrough number: UInt64?) throws(StoreError) {
        try execute(Statements.keepTimersRevisedThrough, [.number(number)])
    }

    // MARK: Identities

    /// The key of a principal, which is looked up once and then remembered; `nil` where there is no
    /// such principal.
    func key(of principal: PrincipalID) throws(StoreError) -> Int64? {
        if let key = memory.key(of: principal) { return key }
        let found = try row(Statements.principalKey, [.id(principal)]) { $0.integer(0) }
        if let found { memory.keep(key: found, of: principal) }
        return found
    }

    /// The key that the next principal gets.
    private func nextPrincipalKey() throws(StoreError) -> Int64 {
        if let known = memory.nextPrincipalKey { return known }
        return try row(Statements.nextPrincipalKey, []) { $0.integer(0) } ?? 1
    }

    func contact(
        of integration: PrincipalID,
        externalID: String
    ) throws(StoreError) -> PrincipalRecord? {
        if newRows.hasContact(ExternalName(owner: integration, name: externalID)) {
            try writeNewRows()
        }
        return try storedContact(of: integration, externalID: externalID)
    }

    func insert(_ principal: PrincipalRecord, at moment: Timestamp) throws(StoreError) {
        if newRows.isFull { try writeNewRows() }
        let columns = PrincipalColumns(principal.details)
        let integration = try columns.integration.map { owner throws(StoreError) in
            try self.key(of: owner)
        }
        let key = try nextPrincipalKey()
        newRows.add(
            principal: [
                .integer(key), .id(principal.id), .integer(columns.kind), .text(principal.name),
                .number(columns.role), .text(columns.login), .text(columns.password),
                .blob(columns.secret), .text(columns.channel), .number(integration ?? nil),
                .text(columns.externalID), .moment(moment),
            ],
            named: columns.externalName
        )
        memory.nextPrincipalKey = key + 1
        memory.keep(key: key, of: principal.id)
        if let profile = ContactProfile(new: principal, at: moment) { try insert(profile) }
    }
}
