internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// An independent picture of the server: what its protocol promises, decided in the plainest way.
///
/// It is written from the protocol's documents and shares nothing with the server, so that it can
/// be the yardstick for both sides. Calls come in with who makes them and when, and replies or
/// refusals come out; it knows no time, task, chance or connection. It has no policy: requests stay
/// open, agents may answer any, and a message that names no request goes to the newest.
struct Model: Sendable {
    /// Somebody who may sign in; an integration serves a channel, by its key.
    struct Principal: Hashable, Sendable {
        var actor = Docket_V1_Actor()
        var role = Docket_V1_AgentRole.unspecified
        var channel = ""

        /// What kind of party it is, and its id; empty for nobody.
        var kind: Docket_V1_PrincipalKind { actor.kind }
        var id: Data { actor.id }
    }

    /// A call, with what is known of it beside its message.
    struct Asked<Call: SwiftProtobuf.Message & Sendable>: Sendable {
        let call: Call
        let method: Method
        let author: Principal
        /// When, in milliseconds since 1970-01-01 UTC.
        let now: UInt64
        /// For commands: the header, and the bytes that a repetition must have in common with it.
        var header = Docket_V1_CommandHeader()
        var bytes: [UInt8] = []

        /// The id of the command, and of what it creates.
        var id: Data { header.commandID }
    }

    /// What a command was answered.
    private typealias Answer = Result<any Sendable, RPCError>

    /// Something that happened: for the staff, and for whoever may see its audience.
    struct Entry: Sendable {
        let offset: UInt64
        let event: Docket_V1_Event
        let audience: Conversation?
    }

    /// A conversation, with the offset of its creation and its newest request, if there is one.
    struct Conversation: Sendable {
        var view: Docket_V1_Conversation
        var offset: UInt64 = 0
        var newest = Data()
    }

    /// A request as the staff sees it, with its version as contacts count it.
    struct Request: Sendable {
        var staffView: Docket_V1_Request
        var versionForContact: UInt64 = 0
        var notes: UInt64 = 0
    }

    /// The names of the channels, by key.
    var channels = ["chat": "Chat", "bridge": "Bridge", "portal": "Portal"]
    /// Which life of the log this is, and up to which offset feeds no longer tell it.
    var epoch: UInt64 = 1
    var floor: UInt64 = 0
    /// Refusals that the next commands of a method are to get, in order.
    var plannedRefusals: [Method: [RPCError]] = [:]
    var principals: [Data: Principal] = [:]
    var secrets: [Data: Secret] = [:]
    /// Who acts under a token, and until when.
    var sessions: [Data: (principal: Data, end: UInt64)] = [:]
    var sessionCount: UInt64 = 0
    /// Contacts whom an integration brought, by its id and its name for them.
    var brought: [[Data]: Data] = [:]
    var conversations: [Data: Conversation] = [:]
    var requests: [Data: Request] = [:]
    /// Marks by who has read or received, and where: what they cover, and where they stand.
    var marks: [[Data]: (upTo: UInt64, offset: UInt64)] = [:]
    private(set) var log: [Entry] = []
    private var verdicts: [Data: (bytes: [UInt8], author: Data, answer: Answer)] = [:]

    /// The offset of the last entry.
    var head: UInt64 { log.last?.offset ?? 0 }

    /// Decides a command the first time it comes, and answers every repetition of it alike.
    ///
    /// `decide` refuses before it changes anything. A refusal that is not final is forgotten.
    mutating func once<Reply: Sendable>(
        _ asked: Asked<some SwiftProtobuf.Message>,
        _ decide: (inout Model) throws(RPCError) -> Reply
    ) throws(RPCError) -> Reply {
        try Self.check(id: asked.id, "header.command_id")
        if let verdict = verdicts[asked.id] {
            guard verdict.author == asked.author.id, verdict.bytes == asked.bytes,
                let reply = try verdict.answer.get() as? Reply
            else { throw RPCError(.keyReused, "the id was used for another command") }
            return reply
        }
        let answer: Result<Reply, RPCError>
        do throws(RPCError) {
            if plannedRefusals[asked.method]?.isEmpty == false {
                throw plannedRefusals[asked.method]?.removeFirst() ?? Self.notFound
            }
            answer = .success(try decide(&self))
        } catch {
            guard error.isFinal else { throw error }
            answer = .failure(error)
        }
        verdicts[asked.id] = (asked.bytes, asked.author.id, answer.map { $0 })
        return try answer.get()
    }

    /// Adds an event to the log, for whoever may see its conversation; gives its offset.
    mutating func append(
        _ asked: Asked<some SwiftProtobuf.Message>,
        in conversation: Conversation,
        forStaffAlone: Bool = false,
        _ fill: (inout Docket_V1_Event) -> Void
    ) -> UInt64 {
        var event = Docket_V1_Event()
        event.atMilliseconds = asked.now
        event.actor = asked.author.actor
        event.way = asked.author.kind == .principalIntegration ? .channel : .call
        event.conversationID = conversation.view.id
        fill(&event)
        // Offsets have holes, and nobody may rely on how large they are.
        let offset = head + 1 + UInt64(log.count % 3)
        log.append(
            Entry(offset: offset, event: event, audience: forStaffAlone ? nil : conversation)
        )
        return offset
    }

    /// Whether a principal may know of what belongs to a conversation, or to the staff alone.
    static func isVisible(_ conversation: Conversation?, to principal: Principal) -> Bool {
        switch principal.kind {
        case .principalAgent: true
        case .principalContact: conversation?.view.contact.id == principal.id
        case .principalIntegration: conversation?.view.channel == principal.channel
        default: false
        }
    }

    /// An event as a principal may see it; nil where it may not.
    static func view(of entry: Entry, for principal: Principal) -> Docket_V1_Event? {
        guard isVisible(entry.audience, to: principal) else { return nil }
        var event = entry.event
        guard principal.kind != .principalAgent else { return event }
        if event.requestVersionForContact > 0 {
            event.requestVersion = event.requestVersionForContact
            event.requestVersionForContact = 0
        }
        switch event.fact {
        case .readMarked(let mark):
            event.readMarked = .with { $0.upToOffset = mark.upToOffsetForContact }
        case .receivedMarked(let mark):
            event.receivedMarked = .with { $0.upToOffset = mark.upToOffsetForContact }
        case .conversationOpened, .requestOpened, .messagePosted: break
        // Nothing else that the model tells is for contacts.
        default: return nil
        }
        return event
    }
}

extension Model {
    /// What is said of what is not there, and of what the caller may not know of.
    static var notFound: RPCError { RPCError(.notFound, "not found") }

    /// What is said of attachments, since there are none.
    static var notUploaded: RPCError { RPCError(.attachmentUnusable, "nothing was uploaded") }

    /// A refusal whose particulars a trailer has.
    static func refusal(_ reason: Reason, _ trailer: String, _ value: String) -> RPCError {
        let metadata = [Metadatum(key: trailer, value: Array(value.utf8))]
        return RPCError(reason, "\(trailer): \(value)", trailers: metadata)
    }

    /// Throws unless the length of a text, in bytes, is one of these.
    static func check(_ text: String, _ bytes: ClosedRange<Int>, _ name: String) throws(RPCError) {
        let reason: Reason = text.utf8.count < bytes.lowerBound ? .fieldMissing : .fieldTooLong
        guard bytes.contains(text.utf8.count) else { throw refusal(reason, "field", name) }
    }

    /// Throws unless bytes are a UUID of version 7.
    static func check(id: Data, _ name: String) throws(RPCError) {
        guard !id.isEmpty else { throw refusal(.fieldMissing, "field", name) }
        let bytes = Array(id)
        guard bytes.count == 16, bytes[6] >> 4 == 7, bytes[8] >> 6 == 2
        else { throw refusal(.invalidIdentifier, "field", name) }
    }

    /// The number of entries that a call asks for: 1 to 200, and 50 where it does not say.
    static func pageLength(_ asked: UInt32) throws(RPCError) -> Int {
        guard asked <= 200 else { throw refusal(.invalidArgument, "field", "limit") }
        return asked == 0 ? 50 : Int(asked)
    }

    /// Throws `version_conflict` unless the caller has seen this version, or names none.
    static func check(_ header: Docket_V1_CommandHeader, sees version: UInt64) throws(RPCError) {
        guard header.hasExpectedVersion, header.expectedVersion != version else { return }
        throw refusal(.versionConflict, "version", "\(version)")
    }

    /// Makes an id for what the server creates: of a moment, and of what was never used before.
    func newID(at now: UInt64) -> Data {
        let life = UInt8(truncatingIfNeeded: epoch)
        return Self.bytes(of: now).suffix(6) + [0x70, life, 0x80, life]
            + Self.bytes(of: head).suffix(6)
    }

    /// A number as 8 bytes.
    static func bytes(of number: UInt64) -> Data {
        Data((0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) })
    }

    /// The number in 8 bytes.
    static func number(in bytes: Data) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
