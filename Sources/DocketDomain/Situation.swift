/// What a command's outcome depends on: the part of the desk's state that it touches.
///
/// The store loads it before a command, `decide` reads it, `apply` carries it over an event, and
/// the store keeps what has changed. A whole desk is many of these, one for each conversation.
package struct Situation: Hashable, Sendable {
    /// The conversation, if it exists.
    package var conversation: Conversation?
    /// The request the command is about: the newest of the conversation for a message, otherwise
    /// the one named.
    package var request: SupportRequest?
    /// How far the command's author has read in the conversation; 0 when never.
    package var readUpTo: UInt64

    /// Describes a situation.
    package init(
        conversation: Conversation? = nil,
        request: SupportRequest? = nil,
        readUpTo: UInt64 = 0
    ) {
        self.conversation = conversation
        self.request = request
        self.readUpTo = readUpTo
    }

    /// Carries the situation over an event.
    ///
    /// An event of another request than the situation's leaves the request as it is, except that
    /// a newly opened one takes its place.
    package mutating func apply(_ event: Event) {
        switch event.fact {
        case .conversationOpened(let contact, let channel):
            conversation = Conversation(
                id: event.conversation,
                contact: contact,
                channel: channel,
                newestRequest: nil
            )
        case .requestOpened(let opened):
            guard let mark = event.request else { return }
            conversation?.newestRequest = mark.id
            request = SupportRequest(
                opened: opened,
                as: mark,
                in: event.conversation,
                at: event.at
            )
        case .readMarked(let offset):
            readUpTo = max(readUpTo, offset)
        case .messagePosted, .notePosted, .statusChanged, .requestAssigned:
            guard request?.id == event.request?.id else { return }
            request?.apply(event)
        }
    }
}

extension SupportRequest {
    /// Carries the request over an event of its own.
    mutating func apply(_ event: Event) {
        switch event.fact {
        case .messagePosted(let message):
            apply(message, by: event.actor.kind, at: event.at)
        case .notePosted(let note):
            noteSequence = note.sequence
            return
        case .statusChanged(let change):
            if change.from != change.to { statusSince = event.at }
            status = change.to
            category = change.category
            if change.cause.endsLiveSession { session = nil }
        case .requestAssigned(let agent):
            assignee = agent
        case .conversationOpened, .requestOpened, .readMarked:
            return
        }
        changedAt = event.at
        version = event.request?.version ?? version
    }

    /// Adds a message.
    ///
    /// A contact's message begins a live period where there is none.
    private mutating func apply(_ message: Message, by author: PartyKind, at moment: Timestamp) {
        sequence = message.sequence
        if message.sequence == 1 {
            description = TextLimits.beginning(
                of: message.headline,
                bytes: TextLimits.descriptionBytes
            )
        }
        if author == .contact, session == nil {
            sessionCount += 1
            session = LiveSession(
                ordinal: sessionCount,
                lastAuthor: .contact,
                lastMessageAt: moment
            )
        } else {
            session?.lastAuthor = author == .contact ? .contact : .agent
            session?.lastMessageAt = moment
        }
    }
}
