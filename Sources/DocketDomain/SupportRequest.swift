/// The live period of a chat, which ends when an agent finishes it or it falls silent.
package struct LiveSession: Hashable, Sendable {
    /// Who wrote last.
    package enum Author: UInt8, Sendable {
        /// The contact did.
        case contact = 1
        /// An agent did.
        case agent = 2
    }

    /// Counts the live periods of the request, from 1.
    package let ordinal: UInt64
    /// Who wrote last.
    package var lastAuthor: Author
    /// When something was last said.
    package var lastMessageAt: Timestamp

    /// Describes a live period.
    package init(ordinal: UInt64, lastAuthor: Author, lastMessageAt: Timestamp) {
        self.ordinal = ordinal
        self.lastAuthor = lastAuthor
        self.lastMessageAt = lastMessageAt
    }
}

/// What a contact asks of the company.
package struct SupportRequest: Hashable, Sendable {
    /// The request's id.
    package let id: RequestID
    /// What people call it; given once, never again to another.
    package let number: UInt64
    /// The conversation it belongs to.
    package let conversation: ConversationID
    /// The contact who asks.
    package var contact: Contact
    /// The key of the channel.
    package let channel: ChannelKey
    /// The request before it in the conversation.
    package let previous: RequestID?
    /// When it was opened.
    package let openedAt: Timestamp
    /// The key of its status.
    package var status: StatusKey
    /// The meaning of its status.
    package var category: StatusCategory
    /// When it entered the status.
    package var statusSince: Timestamp
    /// The agent who has it.
    package var assignee: Agent?
    /// Counts the changes; a note and a look are none.
    package var version: UInt64
    /// Counts the changes of what contacts see.
    package var versionForContact: UInt64
    /// The place of its newest public entry; a split or a merge may leave holes before it.
    package var sequence: UInt64
    /// How many notes it has.
    package var noteSequence: UInt64
    /// When something was last said in public or changed.
    package var changedAt: Timestamp
    /// When something that contacts see was last said or changed.
    package var changedForContactAt: Timestamp
    /// The beginning of the first message that it has; at most 256 bytes.
    package var description: String
    /// The live period, while there is one.
    package var session: LiveSession?
    /// How many live periods there were, with this one.
    package var sessionCount: UInt64
    /// Whose turn it is; `nil` before anything was said.
    package var turn: Turn?
    private var box: Boxed<RequestDetails>

    /// What a message does not change.
    package var details: RequestDetails {
        get { box.value }
        set { box = Boxed(newValue) }
    }

    /// Whether everything that a message does not change is as in another state of the request.
    package func hasSameDetails(as other: SupportRequest) -> Bool { box == other.box }

    /// What people call the request: its own title, or the beginning of its description (C10).
    package var title: String {
        details.title ?? TextLimits.beginning(ofLine: description, bytes: TextLimits.titleBytes)
    }

    /// Takes a request that was stored.
    package init(
        id: RequestID,
        number: UInt64,
        conversation: ConversationID,
        contact: Contact,
        channel: ChannelKey,
        previous: RequestID?,
        openedAt: Timestamp,
        status: StatusKey,
        category: StatusCategory,
        statusSince: Timestamp,
        assignee: Agent?,
        version: UInt64,
        versionForContact: UInt64,
        sequence: UInt64,
        noteSequence: UInt64,
        changedAt: Timestamp,
        changedForContactAt: Timestamp,
        description: String,
        session: LiveSession?,
        sessionCount: UInt64,
        turn: Turn? = nil,
        details: RequestDetails
    ) {
        self.id = id
        self.number = number
        self.conversation = conversation
        self.contact = contact
        self.channel = channel
        self.previous = previous
        self.openedAt = openedAt
        self.status = status
        self.category = category
        self.statusSince = statusSince
        self.assignee = assignee
        self.version = version
        self.versionForContact = versionForContact
        self.sequence = sequence
        self.noteSequence = noteSequence
        self.changedAt = changedAt
        self.changedForContactAt = changedForContactAt
        self.description = description
        self.session = session
        self.sessionCount = sessionCount
        self.turn = turn
        box = Boxed(details)
    }

    /// Opens a request, by the fact that it was opened.
    init(
        opened: OpenedRequest,
        as mark: RequestMark,
        in conversation: ConversationID,
        by party: Party,
        at moment: Timestamp,
        isInternal: Bool
    ) {
        var details = RequestDetails(
            kind: opened.kind,
            origin: opened.origin,
            isInternal: isInternal,
            isRouted: opened.isRouted,
            openedBy: party
        )
        details.externalKey = opened.externalKey
        details.title = opened.title
        details.topic = opened.topic
        details.firstTopic = opened.topic
        details.type = opened.type
        details.priority = opened.priority
        details.firstPriority = opened.priority
        self.init(
            id: mark.id,
            number: mark.number,
            conversation: conversation,
            contact: opened.contact,
            channel: opened.channel,
            previous: opened.previous,
            openedAt: moment,
            status: opened.status,
            category: opened.category,
            statusSince: moment,
            assignee: nil,
            version: mark.version,
            versionForContact: mark.versionForContact,
            sequence: 0,
            noteSequence: 0,
            changedAt: moment,
            changedForContactAt: moment,
            description: "",
            session: nil,
            sessionCount: 0,
            details: details
        )
    }

    /// The request's id, number and versions.
    package var mark: RequestMark {
        RequestMark(
            id: id,
            number: number,
            version: version,
            versionForContact: versionForContact
        )
    }

    /// The request as others name it.
    package var reference: RequestReference { RequestReference(id: id, number: number) }
}
