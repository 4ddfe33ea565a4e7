/// How far everything has reached the author.
package struct MarkReceived: Hashable, Sendable {
    /// The conversation.
    package let conversation: ConversationID
    /// Everything up to this offset has arrived; an offset that the log has not reached counts as
    /// the log's last.
    package let upTo: UInt64

    /// Asks for a mark.
    package init(conversation: ConversationID, upTo: UInt64) {
        self.conversation = conversation
        self.upTo = upTo
    }
}

/// A request to be opened on purpose: through a portal or a form, by a bot, by hand, or by a
/// partner (S8, S9, C37, E6, E7).
package struct CreateRequest: Hashable, Sendable {
    /// The request's id.
    package let id: RequestID
    /// The kind; `nil` for the one that the channel opens.
    package let kind: RequestKind?
    /// The key of the channel.
    package let channel: ChannelKey
    /// The contact who asks; `nil` when a contact asks for itself.
    package var contact: ContactID?
    /// By which way an integration's request came; `nil` for everybody else.
    package let origin: Origin?
    /// The title, if it has one.
    package let title: String?
    /// The description, which becomes its first message.
    package let text: String
    /// What it is about.
    package let topic: TopicKey?
    /// What sort of matter it is.
    package let type: TypeKey?
    /// How urgent it is.
    package let priority: PriorityKey?
    /// Its tags.
    package let tags: [String]
    /// Its fields.
    package let fields: [FieldKey: FieldValue]
    /// Whether the contact is to hear nothing of it.
    package let isInternal: Bool
    /// The request it is made from, such as a chat that became a ticket (C2).
    package let source: RequestID?
    /// The files that belong to the description, in the order in which to show them.
    package let attachments: [AttachmentID]
    /// What the partner that opens it calls it; `nil` for everybody else.
    package let externalKey: String?

    /// Asks for a request.
    package init(
        id: RequestID,
        kind: RequestKind?,
        channel: ChannelKey,
        contact: ContactID? = nil,
        origin: Origin? = nil,
        title: String? = nil,
        text: String,
        topic: TopicKey? = nil,
        type: TypeKey? = nil,
        priority: PriorityKey? = nil,
        tags: [String] = [],
        fields: [FieldKey: FieldValue] = [:],
        isInternal: Bool = false,
        source: RequestID? = nil,
        attachments: [AttachmentID] = [],
        externalKey: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.channel = channel
        self.contact = contact
        self.origin = origin
        self.title = title
        self.text = text
        self.topic = topic
        self.type = type
        self.priority = priority
        self.tags = tags
        self.fields = fields
        self.isInternal = isInternal
        self.source = source
        self.attachments = attachments
        self.externalKey = externalKey
    }
}

/// Which status to set.
package struct SetStatus: Hashable, Sendable {
    /// The request.
    package let request: RequestID
    /// The status.
    package let status: StatusKey
    /// Why; at most 1,024 bytes.
    package let reason: String?
    /// Until when the request is to sleep, for a status that waits for time.
    package let wakeAt: Timestamp?

    /// Asks for a status.
    package init(
        request: RequestID,
        status: StatusKey,
        reason: String? = nil,
        wakeAt: Timestamp? = nil
    ) {
        self.request = request
        self.status = status
        self.reason = reason
        self.wakeAt = wakeAt
    }
}

/// One thing to change about a request.
package enum Edit: Hashable, Sendable {
    /// Give it a title, or take it away.
    case title(String?)
    /// Say what it is about, or that nothing is said.
    case topic(TopicKey?)
    /// Say what sort of matter it is, or that nothing is said.
    case type(TypeKey?)
    /// Say how urgent it is.
    case priority(PriorityKey)
    /// Fill a field, or empty it.
    case field(FieldKey, FieldValue?)
    /// Add a tag.
    case addTag(String)
    /// Remove a tag.
    case removeTag(String)
    /// Let an agent watch it.
    case addWatcher(AgentID)
    /// Let an agent stop watching it.
    case removeWatcher(AgentID)
    /// Let it concern another contact.
    case addParticipant(ContactID)
    /// Let it no longer concern another contact.
    case removeParticipant(ContactID)
}

/// What to change about a request.
package struct EditRequest: Hashable, Sendable {
    /// The request.
    package let request: RequestID
    /// What to change, one after the other; all of it or nothing.
    package let edits: [Edit]

    /// Asks for changes.
    package init(request: RequestID, edits: [Edit]) {
        self.request = request
        self.edits = edits
    }
}

/// Which messages to split off.
package struct SplitMessages: Hashable, Sendable {
    /// The request that has them.
    package let request: RequestID
    /// The messages; some of the request's, but not all.
    package let messages: [MessageID]

    /// Asks for a split.
    package init(request: RequestID, messages: [MessageID]) {
        self.request = request
        self.messages = messages
    }
}

/// Which requests are to become one; the older survives.
package struct MergeRequests: Hashable, Sendable {
    /// One.
    package let request: RequestID
    /// The other; `nil` for the one before it in the conversation (O13).
    package let other: RequestID?

    /// Asks for a merge.
    package init(request: RequestID, other: RequestID?) {
        self.request = request
        self.other = other
    }
}

/// Which requests to link, or whose link to take away.
package struct LinkRequests: Hashable, Sendable {
    /// The request.
    package let request: RequestID
    /// How it is linked to the other.
    package let kind: LinkKind
    /// The other.
    package let other: RequestID

    /// Asks for a link, or for its end.
    package init(request: RequestID, kind: LinkKind, other: RequestID) {
        self.request = request
        self.kind = kind
        self.other = other
    }
}

/// Which timer fired.
package struct RequestTimer: Hashable, Sendable {
    /// The request.
    package let request: RequestID
    /// What the timer was set for, in milliseconds since 1970-01-01 UTC: when the request was to
    /// wake, or when it entered its status.
    ///
    /// A timer for anything else does nothing.
    package let version: UInt64
    /// By how much the clock was set back since what the timer waits for began.
    package let setBack: Duration

    /// Describes a timer.
    package init(request: RequestID, version: UInt64, setBack: Duration = .zero) {
        self.request = request
        self.version = version
        self.setBack = setBack
    }
}
