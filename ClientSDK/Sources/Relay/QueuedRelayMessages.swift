internal import DocketMessages

/// Why something stands still until somebody decides.
struct ParkedMark: Hashable, Sendable {
    /// For a person.
    let reason: String
    /// Since when.
    let since: Timestamp
}

/// How far a relay has read the desk's feed.
struct RelayPlace: Hashable, Sendable {
    /// The relay's name.
    let name: String
    /// Everything up to here is kept.
    var cursor: Cursor
    /// What was said before this moment is none of the relay's.
    var beganAt: Timestamp
}

/// A message of another system's contact that is not in the outbox yet.
struct QueuedIncoming: Hashable, Sendable {
    /// Its place in the order in which the relay's messages came, from 1.
    let position: UInt64
    /// The relay's name.
    let relay: String
    /// The id under which it is posted.
    let id: MessageID
    /// The key of the channel.
    let channel: String
    /// Who said it.
    let contact: ExternalContact
    /// What was said.
    let text: String
    /// The title of the request, if it opens one.
    let title: String?
    /// When it was written.
    let sentAt: Timestamp?
    /// Its files.
    let files: [SpooledFile]
    /// The messages that it may answer.
    let inReplyTo: [MessageID]
    /// Why it stands still; nil while it does not.
    var parked: ParkedMark?

    /// How many bytes it counts for.
    var size: Int { text.utf8.count + (title?.utf8.count ?? 0) + contact.id.utf8.count }
}

/// A message of the desk that is not delivered yet.
struct QueuedOutgoing: Sendable {
    /// The relay's name.
    let relay: String
    /// The event with which it was said, as it came.
    let entry: ReplicaEvent
    /// The message.
    let message: Message
    /// Where it was said.
    let conversation: ConversationID
    /// What it belongs to.
    let request: RequestReference
    /// Who is to get it.
    let contact: ExternalContact
    /// What the other system is to call it; nil before somebody has reserved that.
    var externalID: String?
    /// How many attempts were given up.
    var attempts = 0
    /// Why it stands still; nil while it does not.
    var parked: ParkedMark?
    /// Whether nothing is left to do with it.
    var isSettled = false

    /// How many bytes it counts for.
    var size: Int { message.text.utf8.count }

    /// The message of an event, for a contact; nil for anything else than what the desk says.
    init?(_ entry: ReplicaEvent, to contact: ExternalContact, of relay: String) {
        let event = Event(entry.event, offset: entry.offset)
        guard case .messagePosted(let message) = event.fact, let request = event.request,
            let conversation = event.conversationID
        else { return nil }
        self.relay = relay
        self.entry = entry
        self.message = message
        self.conversation = conversation
        self.request = request
        self.contact = contact
    }
}

/// A change of what the relays of a profile keep.
enum RelayChange: Sendable {
    /// A relay has read the feed up to here.
    case reached(RelayPlace)
    /// An incoming message is kept, or has changed.
    case incoming(QueuedIncoming)
    /// An incoming message of a relay is in the outbox, or given up.
    case incomingDone(MessageID, of: String)
    /// An incoming message that the desk has refused is posted under another id.
    case renewed(MessageID, as: MessageID)
    /// A message of the desk is kept, or has changed.
    case outgoing(QueuedOutgoing)
    /// A message of the desk as it stands in the local store.
    case outgoingRow(OutgoingRow)
    /// Only so many of the messages that a relay has delivered are to be remembered.
    case forget(String, allBut: UInt64)
}

/// What a relay had kept when it began.
struct RelayContent: Sendable {
    /// How far it had read; nil for a new one.
    var place: RelayPlace?
    /// The incoming messages, in order.
    var incoming: [QueuedIncoming] = []
    /// The messages that are not delivered, in order.
    var outgoing: [QueuedOutgoing] = []
}
