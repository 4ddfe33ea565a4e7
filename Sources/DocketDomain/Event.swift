/// Which request an event belongs to, and its versions after the event.
package struct RequestMark: Hashable, Sendable {
    /// The request.
    package let id: RequestID
    /// Its number.
    package let number: UInt64
    /// Its version after the event.
    package let version: UInt64
    /// Its version after the event as contacts count it.
    package let versionForContact: UInt64

    /// Names a version of a request; contacts count the same where they are not said to count
    /// another.
    package init(
        id: RequestID,
        number: UInt64,
        version: UInt64,
        versionForContact: UInt64? = nil
    ) {
        self.id = id
        self.number = number
        self.version = version
        self.versionForContact = versionForContact ?? version
    }
}

/// By which way something came about.
package enum Way: UInt8, Sendable, CaseIterable {
    /// A call of a contact or an agent.
    case call = 0
    /// A channel's integration, for its contact.
    case channel = 1
    /// Another company's system.
    case partner = 2
    /// A timer of the policy.
    case timer = 3
    /// A rule of the policy, in answer to something else.
    case rule = 4
}

/// A committed fact.
///
/// The log is made of these, and every state can be made from the log again.
package struct Event: Hashable, Sendable {
    /// When it was committed.
    package let at: Timestamp
    /// Who did it.
    package let actor: Party
    /// The conversation it belongs to; `nil` where it concerns the desk as a whole.
    package let conversation: ConversationID?
    /// The request it belongs to; `nil` where it concerns the conversation as a whole.
    package let request: RequestMark?
    /// By which way it came about.
    package let way: Way
    /// Whether it belongs to an internal request, so that only the staff may see it (S3).
    package let isInternal: Bool
    /// What contacts called what it tells.
    package let contactNames: ContactNames
    /// What happened.
    package let fact: Fact

    /// Describes an event.
    package init(
        at moment: Timestamp,
        actor: Party,
        conversation: ConversationID?,
        request: RequestMark?,
        way: Way = .call,
        isInternal: Bool = false,
        contactNames: ContactNames = ContactNames(),
        fact: Fact
    ) {
        self.at = moment
        self.actor = actor
        self.conversation = conversation
        self.request = request
        self.way = way
        self.isInternal = isInternal
        self.contactNames = contactNames
        self.fact = fact
    }
}

/// What happened.
package enum Fact: Hashable, Sendable {
    /// A conversation began.
    case conversationOpened(contact: Contact, channel: ChannelKey)
    /// A request began.
    case requestOpened(OpenedRequest)
    /// Something was said in public.
    case messagePosted(Message)
    /// An agent wrote an internal comment.
    case notePosted(Note)
    /// The status changed, or a live chat ended in the status it had.
    case statusChanged(StatusChange)
    /// The request went to an agent, or back to nobody.
    case requestAssigned(Agent?, from: Agent?)
    /// Somebody has read everything up to an offset of the log.
    ///
    /// Contacts are told the newest entry of theirs that is covered, and nothing where none is.
    case readMarked(upTo: UInt64, forContact: UInt64?)
    /// Everything up to an offset of the log has reached somebody.
    ///
    /// Contacts are told what they would be told of a read mark.
    case receivedMarked(upTo: UInt64, forContact: UInt64?)
    /// An agent looked at the request for the first time, or the first time since having it.
    case requestViewed(byAssignee: Bool)
    /// The request got a title, or lost the one it had.
    case titleChanged(from: String?, to: String?)
    /// Something else about the request changed.
    case detailsChanged([DetailChange])
    /// The request was linked to another.
    case linked(Link)
    /// A link to another request was removed.
    case unlinked(Link)
    /// Messages of the request became another's; their places here stay empty.
    case messagesGiven(MovedMessages)
    /// Messages of another request became this one's.
    case messagesTaken(MovedMessages)
    /// The request's content lives in another from now on.
    case merged(into: RequestReference, newest: RequestID?)
    /// The other request's content lives in this one from now on.
    case mergeTaken(from: RequestReference)
    /// A policy came into force.
    case policyApplied(version: UInt64, name: String)
    /// Something changed that decides who may do what, or what is known of somebody.
    case administered(AdministrativeChange)
}

/// How a request began.
package struct OpenedRequest: Hashable, Sendable {
    /// The key of its first status.
    package let status: StatusKey
    /// The meaning of that status.
    package let category: StatusCategory
    /// The request before it in the conversation.
    package let previous: RequestID?
    /// The contact who asks.
    package let contact: Contact
    /// The key of the channel.
    package let channel: ChannelKey
    /// Its kind.
    package let kind: RequestKind
    /// By which way it came.
    package let origin: Origin
    /// Whether messages of the conversation that name no request may go to it.
    package let isRouted: Bool
    /// Its title, if it was given one.
    package let title: String?
    /// What it is about.
    package let topic: TopicKey?
    /// What sort of matter it is.
    package let type: TypeKey?
    /// How urgent it is.
    package let priority: PriorityKey?
    /// What the partner that opened it calls it; `nil` where no partner did.
    package let externalKey: String?

    /// Describes how a request began.
    package init(
        status: StatusKey,
        category: StatusCategory,
        previous: RequestID?,
        contact: Contact,
        channel: ChannelKey,
        kind: RequestKind = .chat,
        origin: Origin = .line,
        isRouted: Bool = true,
        title: String? = nil,
        topic: TopicKey? = nil,
        type: TypeKey? = nil,
        priority: PriorityKey? = nil,
        externalKey: String? = nil
    ) {
        self.status = status
        self.category = category
        self.previous = previous
        self.contact = contact
        self.channel = channel
        self.kind = kind
        self.origin = origin
        self.isRouted = isRouted
        self.title = title
        self.topic = topic
        self.type = type
        self.priority = priority
        self.externalKey = externalKey
    }
}

/// Something about a request that changed, before and after.
package enum DetailChange: Hashable, Sendable {
    /// What it is about.
    case topic(from: TopicKey?, to: TopicKey?)
    /// What sort of matter it is.
    case type(from: TypeKey?, to: TypeKey?)
    /// How urgent it is.
    case priority(from: PriorityKey?, to: PriorityKey?)
    /// A field, and whether contacts were shown it.
    case field(FieldKey, from: FieldValue?, to: FieldValue?, isShown: Bool)
    /// A tag was added.
    case tagAdded(String)
    /// A tag was removed.
    case tagRemoved(String)
    /// An agent watches the request.
    case watcherAdded(Agent)
    /// An agent no longer watches the request.
    case watcherRemoved(Agent)
    /// The request concerns another contact too.
    case participantAdded(Contact)
    /// The request no longer concerns another contact.
    case participantRemoved(Contact)
}

/// Messages that went from one request to another of the same conversation (O4, O11, O13).
///
/// They keep their ids and their offsets in the log; only the request they belong to changes, and
/// their places among its public entries.
package struct MovedMessages: Hashable, Sendable {
    /// The other request: where they went, or where they came from.
    package let other: RequestReference
    /// The messages, in the order in which they were said.
    ///
    /// The request that takes them gives those of its own that were said after the first of them a
    /// new place too, so that its places stay in the order of the log.
    package let messages: [MessageID]
    /// The place of the first among the public entries of the request that took them; the others
    /// follow without a gap.
    package let firstSequence: UInt64
    /// The beginning of the first message, at most 256 bytes.
    package let description: String
    /// The beginning of the first message that stays, where the one that described the request left
    /// it: its description from then on.
    package let remaining: String?
    /// Who wrote last, where they are a live chat that goes on in the request that took them.
    package let liveAuthor: LiveSession.Author?
    /// Whose turn it is, after the move, in the request to which this happens; `nil` where it has
    /// no messages left, and in entries from before this was kept.
    package let turn: Turn?
    /// When an agent first answered in them, if one did.
    package let firstRepliedAt: Timestamp?
    /// Whether the first of them is the first message of the request that took them.
    package let beginsRequest: Bool
    /// The new place of the first message that may be split off that request, where it got one.
    package let splitFrom: UInt64?

    /// Describes messages that went from one request to another.
    package init(
        other: RequestReference,
        messages: [MessageID],
        firstSequence: UInt64,
        description: String,
        remaining: String? = nil,
        liveAuthor: LiveSession.Author? = nil,
        turn: Turn? = nil,
        firstRepliedAt: Timestamp? = nil,
        beginsRequest: Bool = false,
        splitFrom: UInt64? = nil
    ) {
        self.other = other
        self.messages = messages
        self.firstSequence = firstSequence
        self.description = description
        self.remaining = remaining
        self.liveAuthor = liveAuthor
        self.turn = turn
        self.firstRepliedAt = firstRepliedAt
        self.beginsRequest = beginsRequest
        self.splitFrom = splitFrom
    }
}

/// Why a status changed.
package enum StatusCause: UInt8, Sendable, CaseIterable {
    /// An agent took, was given or gave back the request.
    case assigned = 1
    /// An agent answered.
    case answered = 2
    /// An agent finished the chat.
    case finished = 3
    /// The contact wrote again.
    case contactReplied = 4
    /// A live chat fell silent.
    case timer = 5
    /// Somebody set it.
    case set = 6
    /// The agent who has the request looked at it for the first time.
    case viewed = 7
    /// The request left the status in which it began at once.
    case created = 8
    /// The moment until which the request slept has come.
    case woken = 9
    /// The request had been in the status long enough.
    case elapsed = 10
    /// It was merged into another request, or another into it.
    case merged = 11
    /// Its new messages were split off into another request.
    case split = 12
    /// It was deleted.
    case deleted = 13
    /// It was restored.
    case restored = 14

    /// Whether a live chat ends with it, whatever the status.
    var endsLiveSession: Bool {
        switch self {
        case .finished, .timer, .split, .deleted: true
        case .assigned, .answered, .contactReplied, .set, .viewed, .created, .woken, .elapsed,
            .merged, .restored:
            false
        }
    }
}

/// A change of status.
///
/// `from` equals `to` where a live chat ended and left the status as it was.
package struct StatusChange: Hashable, Sendable {
    /// The key of the status before.
    package let from: StatusKey
    /// The key of the status after.
    package let to: StatusKey
    /// The meaning of the status after.
    package let category: StatusCategory
    /// Why it changed.
    package let cause: StatusCause
    /// What somebody said about why; at most 1,024 bytes.
    ///
    /// Whoever sees the change sees it, the contact too: what is for the staff alone is a note.
    package let reason: String?
    /// Until when the request sleeps.
    package let wakeAt: Timestamp?

    /// Describes a change of status.
    package init(
        from: StatusKey,
        to: StatusKey,
        category: StatusCategory,
        cause: StatusCause,
        reason: String? = nil,
        wakeAt: Timestamp? = nil
    ) {
        self.from = from
        self.to = to
        self.category = category
        self.cause = cause
        self.reason = reason
        self.wakeAt = wakeAt
    }
}
