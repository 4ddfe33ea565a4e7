internal import DocketMessages

/// Something that happened, for good.
public struct Event: Hashable, Sendable {
    /// Its place in the order of everything that happens.
    ///
    /// Offsets grow and have holes.
    public let offset: UInt64
    /// When the server committed it.
    public let at: Timestamp
    /// Who did it.
    public let actor: Party?
    /// The conversation it belongs to.
    public let conversationID: ConversationID?
    /// The request it belongs to, if there is one yet.
    public let request: RequestReference?
    /// What happened.
    public let fact: Fact
    /// By which way it came about.
    public internal(set) var way = Way.unknown
    /// Whether it belongs to an internal request, of which the contact hears nothing.
    public internal(set) var isInternal = false

    /// By which way something came about.
    public enum Way: String, Hashable, Sendable, CaseIterable {
        /// A call of a contact or an agent.
        case call
        /// A channel's integration, for its contact.
        case channel
        /// Another company's system.
        case partner
        /// A timer of the policy.
        case timer
        /// A rule of the policy, in answer to something else.
        case rule
        /// A way that this version does not know.
        case unknown
    }

    /// What happened.
    public enum Fact: Hashable, Sendable {
        /// A conversation began.
        case conversationOpened(contact: Party?, channel: String)
        /// A request began.
        case requestOpened(RequestOpening)
        /// Something was said in public.
        case messagePosted(Message)
        /// An agent wrote an internal comment. No contact ever gets this.
        case notePosted(Note)
        /// The request's status changed.
        case statusChanged(StatusChange)
        /// The request went to an agent, from the one who had it; nil means nobody.
        case requestAssigned(Party?, from: Party? = nil)
        /// The actor has read everything up to an offset.
        case readMarked(upTo: UInt64)
        /// Everything up to an offset has reached the actor.
        case receivedMarked(upTo: UInt64)
        /// An agent looked at the request for the first time: any agent, or the one who has it.
        case requestViewed(byAssignee: Bool)
        /// The request's title changed; nil where it goes by its description.
        case titleChanged(from: String?, to: String?)
        /// Something else about the request changed: these, in order.
        case detailsChanged([DetailChange])
        /// The request was linked to another.
        case linked(RequestLink)
        /// A link to another request was removed.
        case unlinked(RequestLink)
        /// Messages of the request became another's.
        case messagesGiven(MovedMessages)
        /// Messages of another request became this one's.
        case messagesTaken(MovedMessages)
        /// The request's content lives in another from now on.
        ///
        /// `newest` gets the conversation's messages from now on, where the merged one did.
        case merged(into: OtherRequest, newest: RequestID?)
        /// Another request's content lives in this one from now on.
        case mergeTaken(OtherRequest)
        /// A policy came into force, with its version and its name.
        case policyApplied(version: UInt64, name: String)
        /// It changed who may do what, or what is known of somebody; the staff alone gets this.
        case administered(AdministrativeChange)
        /// Something that this version does not know; it may be passed over.
        case unknown
    }
}

extension Event.Fact {
    init(_ fact: Docket_V1_Event.OneOf_Fact?) {
        self =
            switch fact {
            case .conversationOpened(let fact):
                .conversationOpened(
                    contact: fact.hasContact ? Party(fact.contact) : nil,
                    channel: fact.channel
                )
            case .requestOpened(let fact): .requestOpened(RequestOpening(fact))
            case .messagePosted(let fact): Message(fact).map(Self.messagePosted) ?? .unknown
            case .notePosted(let fact): Note(fact).map(Self.notePosted) ?? .unknown
            case .statusChanged(let fact): .statusChanged(StatusChange(fact))
            case .requestAssigned(let fact):
                .requestAssigned(
                    fact.hasAssignee ? Party(fact.assignee) : nil,
                    from: fact.hasFrom ? Party(fact.from) : nil
                )
            case .readMarked(let fact): .readMarked(upTo: fact.upToOffset)
            case .receivedMarked(let fact): .receivedMarked(upTo: fact.upToOffset)
            case .requestViewed(let fact): .requestViewed(byAssignee: fact.byAssignee)
            case .titleChanged(let fact):
                .titleChanged(
                    from: fact.hasFrom ? fact.from : nil,
                    to: fact.hasTo ? fact.to : nil
                )
            case .detailsChanged(let fact): .detailsChanged(fact.changes.map(DetailChange.init))
            case .linked(let fact): RequestLink(fact).map(Self.linked) ?? .unknown
            case .unlinked(let fact): RequestLink(fact).map(Self.unlinked) ?? .unknown
            case .messagesGiven(let fact):
                MovedMessages(fact).map(Self.messagesGiven) ?? .unknown
            case .messagesTaken(let fact):
                MovedMessages(fact).map(Self.messagesTaken) ?? .unknown
            case .merged(let fact): .init(merged: fact)
            case .mergeTaken(let fact): OtherRequest(fact).map(Self.mergeTaken) ?? .unknown
            case .policyApplied(let fact):
                .policyApplied(version: fact.version, name: fact.name)
            case .administered(let fact): .administered(AdministrativeChange(fact))
            case .typingStarted, nil: .unknown
            }
    }

    private init(merged fact: Docket_V1_Merged) {
        let newest = RequestID(bytes: fact.newestRequestID)
        self = OtherRequest(fact.into).map { .merged(into: $0, newest: newest) } ?? .unknown
    }
}

extension Event.Fact {
    /// The word for it in what programs read, such as `title_changed`.
    package var word: String {
        switch self {
        case .conversationOpened: "conversation_opened"
        case .requestOpened: "request_opened"
        case .messagePosted: "message_posted"
        case .notePosted: "note_posted"
        case .statusChanged: "status_changed"
        case .requestAssigned: "request_assigned"
        case .readMarked: "read_marked"
        case .receivedMarked: "received_marked"
        case .requestViewed: "request_viewed"
        case .titleChanged: "title_changed"
        case .detailsChanged: "details_changed"
        case .linked: "linked"
        case .unlinked: "unlinked"
        case .messagesGiven: "messages_given"
        case .messagesTaken: "messages_taken"
        case .merged: "merged"
        case .mergeTaken: "merge_taken"
        case .policyApplied: "policy_applied"
        case .administered: "administered"
        case .unknown: "unknown"
        }
    }

    /// What it changed, before and after, as an audit tells it.
    package var changes: [FactChange] {
        switch self {
        case .conversationOpened(_, let channel): [FactChange("channel", to: channel)]
        case .requestOpened(let opened): [FactChange("status", to: opened.status)]
        case .messagePosted(let posted): [FactChange("text", to: posted.text)]
        case .notePosted(let posted): [FactChange("text", to: posted.text)]
        case .statusChanged(let changed):
            [FactChange("status", from: changed.from, to: changed.to)]
        case .requestAssigned(let assignee, let former):
            [FactChange("assignee", from: former?.name, to: assignee?.name)]
        case .titleChanged(let before, let after): [FactChange("title", from: before, to: after)]
        case .detailsChanged(let changes): changes.map(FactChange.init)
        case .policyApplied(let version, _): [FactChange("version", to: "\(version)")]
        case .administered(let change):
            [FactChange(change.subject.rawValue, to: change.name)]
                + change.fields.map { FactChange($0.name, from: $0.before, to: $0.after) }
        case .readMarked, .receivedMarked, .requestViewed, .linked, .unlinked, .messagesGiven,
            .messagesTaken, .merged, .mergeTaken, .unknown:
            []
        }
    }

    /// What it changes about its request that lists and status lines show.
    package var requestUpdates: [RequestUpdate] {
        switch self {
        case .requestOpened(let opening): [.opened(opening)]
        case .messagePosted(let message): [.said(message)]
        case .statusChanged(let change): [.status(change)]
        case .requestAssigned(let agent, let former): [.assignee(agent, from: former)]
        case .titleChanged(_, let title): [.title(title)]
        case .detailsChanged(let changes): changes.compactMap(\.requestUpdate)
        case .merged(let survivor, let newest): [.merged(into: survivor, newest: newest)]
        case .conversationOpened, .notePosted, .readMarked, .receivedMarked, .requestViewed,
            .linked, .unlinked, .messagesGiven, .messagesTaken, .mergeTaken, .policyApplied,
            .administered, .unknown:
            []
        }
    }

    /// Whether a conversation shows it as a line of its own; what this version does not know may
    /// be one.
    var isShown: Bool {
        switch self {
        case .readMarked, .receivedMarked, .requestViewed: false
        case .conversationOpened, .requestOpened, .messagePosted, .notePosted, .statusChanged,
            .requestAssigned, .titleChanged, .detailsChanged, .linked, .unlinked, .messagesGiven,
            .messagesTaken, .merged, .mergeTaken, .policyApplied, .administered, .unknown:
            true
        }
    }
}

/// Something that a fact changed, before and after; empty for nothing.
package struct FactChange: Hashable, Sendable, Encodable {
    /// What changed.
    package let field: String
    /// What it was.
    package let before: String
    /// What it is.
    package let after: String

    init(_ field: String, from before: String? = nil, to after: String?) {
        self.field = field
        self.before = before ?? ""
        self.after = after ?? ""
    }
}

/// What a fact changes about its request, as lists and status lines show it.
package enum RequestUpdate: Hashable, Sendable {
    /// It began.
    case opened(RequestOpening)
    /// Something was said in it.
    case said(Message)
    /// It has another status.
    case status(StatusChange)
    /// Another agent has it; nil for nobody.
    case assignee(Party?, from: Party?)
    /// It is called something else; nil where it goes by its description.
    case title(String?)
    /// It has another topic, by its key and by what contacts call it; nil for none.
    case topic(String?, nameForContact: String?)
    /// An agent watches it from now on, or no longer.
    case watcher(Party, watches: Bool)
    /// Its content lives in another from now on, and the newest may be another too.
    case merged(into: OtherRequest, newest: RequestID?)
}

/// Which request an event belongs to.
public struct RequestReference: Hashable, Sendable {
    /// The request's id.
    public let id: RequestID
    /// The request's number.
    public let number: UInt64
    /// The request's version after the event.
    public let version: UInt64
}

/// How a request began.
public struct RequestOpening: Hashable, Sendable {
    /// The key of its first status.
    public let status: String
    /// The meaning of that status.
    public let category: StatusCategory
    /// The request before it in the conversation; nil for the first.
    public let previous: RequestID?
    /// The contact who asks.
    public let contact: Party?
    /// The key of the channel.
    public let channel: String
    /// What kind of request it is.
    public internal(set) var kind = RequestKind.chat
    /// By which way it came.
    public internal(set) var origin = RequestOrigin.line
    /// Whether messages of the conversation that name no request do not go to it.
    public internal(set) var isAside = false
    /// The title it was given.
    public internal(set) var title: String?
    /// The key of its topic.
    public internal(set) var topic: String?
    /// The key of its type.
    public internal(set) var type: String?
    /// The key of its priority.
    public internal(set) var priority: String?
    /// What the partner that opened it calls it; nil where no partner did.
    public internal(set) var externalKey: String?
    /// What contacts called its first status when this happened; nil where the server did not tell.
    public internal(set) var statusNameForContact: String?
    /// What contacts called its topic when this happened; nil where it has none, or the server did
    /// not tell.
    public internal(set) var topicNameForContact: String?
}

/// Something said in public.
public struct Message: Hashable, Sendable {
    /// Its id, made by its author.
    public let id: MessageID
    /// Its place among the public entries of its request, from 1.
    public let sequence: UInt64
    /// What was said.
    ///
    /// It comes from outside: filter it before it reaches a terminal.
    public let text: String
    /// When the author wrote it by the author's own clock, if that is known.
    public let authoredAt: Timestamp?
    /// The files that belong to it, in the author's order.
    public let attachments: [Attachment]
}

/// An internal comment of an agent.
public struct Note: Hashable, Sendable {
    /// Its id, made by its author.
    public let id: NoteID
    /// Its place among the notes of its request, from 1.
    public let sequence: UInt64
    /// What was written.
    public let text: String
}

/// A change of a request's status.
public struct StatusChange: Hashable, Sendable {
    /// Why a status changed.
    public enum Cause: String, Hashable, Sendable, CaseIterable {
        /// An agent took or was given the request.
        case assigned
        /// An agent answered.
        case answered
        /// An agent finished the chat.
        case finished
        /// The contact wrote again.
        case contactReplied = "contact_replied"
        /// A live chat fell silent.
        case timer
        /// Somebody set it.
        case set
        /// The agent who has the request looked at it for the first time.
        case viewed
        /// The request left the status in which it began at once.
        case created
        /// The moment until which the request slept has come.
        case woken
        /// The request had been in the status long enough.
        case elapsed
        /// It was merged into another request, or another into it.
        case merged
        /// Its new messages were split off into another request.
        case split
        /// It was deleted.
        case deleted
        /// It was restored.
        case restored
        /// A cause that this version does not know.
        case unknown
    }

    /// The key of the status before.
    public let from: String
    /// The key of the status after.
    public let to: String
    /// The meaning of the status after.
    public let category: StatusCategory
    /// Why it changed.
    public let cause: Cause
    /// What somebody said about why.
    public internal(set) var reason: String?
    /// Until when the request sleeps; nil where it does not.
    public internal(set) var wakeAt: Timestamp?
    /// What contacts called the status after when this happened; nil where the server did not tell.
    public internal(set) var statusNameForContact: String?
}
