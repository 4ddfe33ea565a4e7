internal import DocketCrypto

/// What has to happen in order: commands of one lane take effect one after the other.
struct Lane: Hashable, Sendable {
    /// The lane's name on disk; at most 64 bytes.
    let name: String

    /// A lane of this name, as it was kept.
    init(name: String) {
        self.name = name
    }

    private static let conversationPrefix = "conversation:"
    private static let requestPrefix = "request:"

    /// The lane of a conversation.
    init(_ conversation: ConversationID) {
        name = "\(Self.conversationPrefix)\(conversation)"
    }

    /// The lane of a request that is yet to be opened, and of what is said on it as a ticket.
    init(_ request: RequestID) {
        name = "\(Self.requestPrefix)\(request)"
    }

    /// The conversation whose lane it is; nil for another.
    var conversation: ConversationID? {
        guard name.hasPrefix(Self.conversationPrefix) else { return nil }
        return ConversationID(String(name.dropFirst(Self.conversationPrefix.count)))
    }
}

/// What a queued command does; it decides the method that is called.
///
/// The raw value stands on disk: it never changes, and none is given to another kind.
enum CommandKind: String, Hashable, Sendable, CaseIterable {
    /// How commands of a kind leave together.
    enum Bond: Hashable, Sendable {
        /// With those behind it in its lane, in order, of which the server makes none behind the
        /// first that fails.
        case lane
        /// With those in front of other lanes, each for itself.
        case independent
    }

    /// Posts a message.
    case post
    /// Posts what a contact has said in another system, under an id that is made of its name there.
    case ingest
    /// Opens a request on purpose.
    case request
    /// Pushes a partner's ticket; its call is one with this ticket alone, so that the calls of
    /// several, one behind the other, are the call with all of them.
    case ticket
    /// Says something on a partner's ticket.
    case comment

    /// The kinds that post a message in a conversation.
    static let messages: Set<CommandKind> = [.post, .ingest]

    /// The kinds that open a request on purpose, or belong to one that is opened so.
    static let requests: Set<CommandKind> = [.request, .ticket, .comment]

    /// How commands of this kind leave together.
    var bond: Bond {
        switch self {
        case .post, .ingest, .request, .comment: .lane
        case .ticket: .independent
        }
    }
}

/// A command that is to be queued.
struct CommandDraft: Sendable {
    /// Its id, which is also the id of what it creates.
    let id: CommandID
    /// In which order it leaves.
    let lane: Lane
    /// What it does.
    let kind: CommandKind
    /// The encoded call, which is sent as it is however often.
    let call: [UInt8]
    /// What tells the call from all others.
    let digest: SHA256Digest

    init(_ id: Identifier<some Any>, in lane: Lane, _ kind: CommandKind, call: [UInt8]) {
        self.id = CommandID(id)
        self.lane = lane
        self.kind = kind
        self.call = call
        digest = unsafe SHA256.digest(of: call.span.bytes)
    }
}

/// A command that waits for its verdict; its call is in the local store.
struct QueuedCommand: Hashable, Sendable {
    /// Why a command leaves no more by itself.
    enum Stop: Hashable, Sendable {
        /// The server refused it.
        case refused(Refusal)
        /// It may have taken effect, and trying on is of no use: the server fails at it every time,
        /// or this machine has lost what belongs to it.
        case gaveUp(Refusal)
        /// It has waited for longer than commands may.
        case expired

        /// The reason, for a person.
        var words: String {
            switch self {
            case .refused(let refusal), .gaveUp(let refusal): refusal.message
            case .expired: "it had no verdict for thirty days"
            }
        }
    }

    /// Its place in the order in which commands were queued, from 1.
    let position: UInt64
    /// Its id.
    var id: CommandID
    /// In which order it leaves.
    let lane: Lane
    /// What it does.
    let kind: CommandKind
    /// The length of the call, in bytes.
    var size: Int
    /// What tells the call from all others.
    var digest: SHA256Digest
    /// When it was queued, by the clock of this machine.
    var queuedAt: Timestamp
    /// Whether it may have been sent.
    var mayBeSent = false
    /// Why it leaves no more by itself; nil while it does.
    var stop: Stop?

    init(_ draft: CommandDraft, position: UInt64, queuedAt: Timestamp) {
        self.init(
            position: position,
            id: draft.id,
            lane: draft.lane,
            kind: draft.kind,
            size: draft.call.count,
            digest: draft.digest,
            queuedAt: queuedAt
        )
    }

    init(
        position: UInt64,
        id: CommandID,
        lane: Lane,
        kind: CommandKind,
        size: Int,
        digest: SHA256Digest,
        queuedAt: Timestamp,
        mayBeSent: Bool = false,
        stop: Stop? = nil
    ) {
        self.position = position
        self.id = id
        self.lane = lane
        self.kind = kind
        self.size = size
        self.digest = digest
        self.queuedAt = queuedAt
        self.mayBeSent = mayBeSent
        self.stop = stop
    }
}
