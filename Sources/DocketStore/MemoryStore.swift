internal import DocketDomain
internal import Synchronization

/// A store that keeps everything in memory, for tests and simulations.
///
/// It promises what every store promises except that it outlives the process, and it is the model
/// that the other stores are compared with.
package final class MemoryStore: Store {
    private let state: Mutex<MemoryState>

    /// Makes an empty store whose log has an epoch.
    package init(epoch: Epoch) {
        state = Mutex(MemoryState(epoch: epoch))
    }

    package func transact<Result>(
        _ body: (any StoreTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let transaction = MemoryTransaction(state.withLock { $0 })
        let result = try body(transaction)
        state.withLock { $0 = transaction.state }
        return result
    }

    package func transactOnReserve<Result>(
        _ body: (any StoreTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result { try transact(body) }

    package func read<Result>(
        _ body: (any StoreReading) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try body(MemoryTransaction(state.withLock { $0 }))
    }

    package func readLog<Result>(
        _ body: (any StoreReading) throws(StoreError) -> Result
    ) throws(StoreError) -> Result { try read(body) }

    package func follow(
        _ follower: Follower,
        atMost count: UInt64
    ) throws(StoreError) -> UInt64 {
        state.withLock { state in
            let transaction = MemoryTransaction(state)
            let followed = transaction.follow(follower, atMost: count)
            state = transaction.state
            return followed
        }
    }

    package func beginBackup(to path: String) throws(StoreError) -> any StoreBackup {
        throw .unsupported
    }

    package func check() throws(StoreError) -> [String] { [] }

    package func close() throws(StoreError) {}
}

/// What a memory store holds.
///
/// Its dictionaries are values, so that a transaction works on a copy and a refused one leaves no
/// trace.
struct MemoryState {
    /// An entry with the conversation by which it is found.
    struct Entry {
        let entry: LogEntry
        let conversation: ConversationID?
        let digest: Digest
    }

    /// A conversation with the offset at which it was opened.
    struct Opened {
        var conversation: Conversation
        var offset: UInt64
    }

    /// A contact's place on a channel.
    struct ContactChannel: Hashable {
        let contact: ContactID
        let channel: ChannelKey
        let isInternal: Bool
    }

    /// A principal's place in a conversation.
    struct Reader: Hashable {
        let principal: PrincipalID
        let conversation: ConversationID
    }

    /// A command's record and when it was kept.
    struct Kept {
        let record: CommandRecord
        let moment: Timestamp
    }

    /// A key with the digest of its secret.
    struct Key {
        var entry: APIKeyEntry
        let secret: Digest
    }

    let epoch: Epoch
    var log: [Entry] = []
    var chain = AuditChain.start
    var checkpoints: [AuditChain] = []
    var conversations: [ConversationID: Opened] = [:]
    var conversationOrder: [ConversationID] = []
    var conversationsByContact: [ContactChannel: ConversationID] = [:]
    var requests: [RequestID: SupportRequest] = [:]
    var requestOrder: [RequestID] = []
    var requestOpenings: [RequestID: UInt64] = [:]
    var movedMessages: [UInt64: MessagePlace] = [:]
    var policies: [PolicyRecord] = []
    var marks: [Reader: ReadMark] = [:]
    var records: [CommandID: Kept] = [:]
    var timers: [RequestID: [TimerRecord.Kind: TimerRecord]] = [:]
    var timersRevisedThrough: UInt64?
    var lastSetBack: (moment: Timestamp, head: UInt64)?
    var principals: [PrincipalID: PrincipalRecord] = [:]
    /// What partners have pushed, by the bytes of their external keys.
    var tickets: [PrincipalID: [[UInt8]: TicketRecord]] = [:]
    var profiles: [ContactID: ContactProfile] = [:]
    var contactOrder: [ContactID] = []
    var companies: [CompanyID: Company] = [:]
    var keys: [String: Key] = [:]
    var sessions: [Digest: SessionRecord] = [:]
    var indexedUpTo: UInt64 = 0
    var removedFromIndex: Set<UInt64> = []
    var attachments: [AttachmentID: AttachmentRecord] = [:]
    var discardedContents: [[UInt8]: Timestamp] = [:]

    init(epoch: Epoch) { self.epoch = epoch }
}
