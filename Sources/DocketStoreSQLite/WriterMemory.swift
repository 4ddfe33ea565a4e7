internal import DocketDomain
internal import DocketStore
internal import GRDB

/// What the writing connection remembers from one transaction to the next.
///
/// A rollback empties it of everything that the rolled-back transaction may have told it. It is
/// used only in a turn of the one writing connection, and those come one at a time, so that it may
/// claim to be Sendable without a lock.
final class WriterMemory: @unchecked Sendable {
    /// How many conversations' keys are remembered, at about 40 bytes each; a full memory forgets
    /// everything and fills again with what is in use.
    private static let keyLimit = 65_536
    /// How many situations are remembered, at about a kilobyte each.
    private static let situationLimit = 4_096
    /// How many principals' keys are remembered, at about 40 bytes each, in the same way.
    private static let principalKeyLimit = 65_536
    /// How many contacts are remembered as blocked or not, at about 30 bytes each.
    private static let contactLimit = 65_536

    private var statements: [ObjectIdentifier: Statement] = [:]
    private var keys: [ConversationID: Int64] = [:]
    private var principalKeys: [PrincipalID: Int64] = [:]
    private var situations: [ConversationID: Situation] = [:]
    private var blocks: [ContactID: Bool] = [:]
    /// What commits have put off.
    ///
    /// A rollback leaves it: a transaction hands over what it puts off after its commit.
    var backlog = Backlog()
    /// Whether the backlog has what the store had put off when it was opened.
    var hasReadBacklog = false
    /// The newest commands; `nil` until they are read, when the store is opened.
    var recent: RecentCommands?
    /// The offset up to which the rows are written.
    var followed: UInt64 = 0
    /// The offset of the log's last entry, once it is known.
    var head: UInt64?
    /// The chain's end, once it is known.
    var chain: AuditChain?
    /// The number that the next request gets, once it is known.
    var nextNumber: UInt64?
    /// The integer key that the next conversation gets, once it is known.
    var nextConversationKey: Int64?
    /// The integer key that the next principal gets, once it is known.
    var nextPrincipalKey: Int64?

    /// A statement, prepared once.
    func statement(_ sql: SQL, in database: Database) throws -> Statement {
        if let known = statements[ObjectIdentifier(sql)] { return known }
        let made = try database.makeStatement(sql: sql.text)
        statements[ObjectIdentifier(sql)] = made
        return made
    }

    /// The integer key of a conversation, which never changes.
    func key(of conversation: ConversationID) -> Int64? { keys[conversation] }

    /// Remembers the key of a conversation.
    func keep(key: Int64, of conversation: ConversationID) {
        if keys.count >= Self.keyLimit { keys = [:] }
        keys[conversation] = key
    }

    /// The integer key of a principal, which never changes.
    func key(of principal: PrincipalID) -> Int64? { principalKeys[principal] }

    /// Remembers the key of a principal.
    func keep(key: Int64, of principal: PrincipalID) {
        if principalKeys.count >= Self.principalKeyLimit { principalKeys = [:] }
        principalKeys[principal] = key
    }

    /// A conversation with its newest request.
    func situation(of conversation: ConversationID) -> Situation? { situations[conversation] }

    /// Remembers a conversation with its newest request, as the store has it or is about to.
    func keep(_ situation: Situation, of conversation: ConversationID) {
        if situations.count >= Self.situationLimit { situations = [:] }
        situations[conversation] = situation
    }

    /// Remembers a request that began or has changed, where its conversation is remembered.
    func keep(newest request: SupportRequest) {
        guard var situation = situations.removeValue(forKey: request.conversation) else { return }
        situation.request = request
        situation.conversation?.newestRequest = request.id
        situations[request.conversation] = situation
    }

    /// Forgets a conversation with its newest request.
    func forget(_ conversation: ConversationID) { situations[conversation] = nil }

    /// Whether a contact is blocked; `nil` where that is not remembered.
    func isBlocked(_ contact: ContactID) -> Bool? { blocks[contact] }

    /// Remembers whether a contact is blocked, as the store has it or is about to.
    func keep(isBlocked: Bool, _ contact: ContactID) {
        if blocks.count >= Self.contactLimit { blocks = [:] }
        blocks[contact] = isBlocked
    }

    /// Forgets what a transaction that was rolled back may have told it.
    func forget() {
        keys = [:]
        principalKeys = [:]
        situations = [:]
        blocks = [:]
        head = nil
        chain = nil
        nextNumber = nil
        nextConversationKey = nil
        nextPrincipalKey = nil
    }

    /// How far the rows have come behind the log, after a commit.
    ///
    /// Where the log's end was forgotten and the commit did not ask for it, it is where it was,
    /// since what was rolled back has added nothing.
    func progress(since earlier: Progress) -> Progress {
        Progress(
            head: head ?? max(earlier.head, followed),
            followed: followed,
            waiting: backlog.size
        )
    }

    /// Forgets every conversation with its newest request.
    func forgetSituations() { situations = [:] }

    /// Lets go of the prepared statements, so that the connection can close.
    func finalizeStatements() { statements = [:] }
}

/// How far the rows have come behind the log, as everybody may see it.
struct Progress {
    /// The offset of the log's last entry.
    var head: UInt64 = 0
    /// The offset up to which the rows are written.
    var followed: UInt64 = 0
    /// How many changes wait.
    var waiting = 0
}
