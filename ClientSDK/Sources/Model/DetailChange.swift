/// One change of what a request is about.
public enum DetailChange: Hashable, Sendable {
    /// The key of its topic, before and after, and what contacts called the one after when this
    /// happened; nil for none.
    case topic(from: String?, to: String?, nameForContact: String?)
    /// The key of its type, before and after; nil for none.
    case type(from: String?, to: String?)
    /// The key of its priority, before and after; nil for none.
    case priority(from: String?, to: String?)
    /// What a field holds, by its key, before and after; nil where it is empty.
    case field(String, from: FieldValue?, to: FieldValue?)
    /// A tag was added.
    case tagAdded(String)
    /// A tag was removed.
    case tagRemoved(String)
    /// An agent watches the request.
    case watcherAdded(Party)
    /// An agent no longer watches the request.
    case watcherRemoved(Party)
    /// The request concerns another contact too.
    case participantAdded(Party)
    /// The request no longer concerns another contact.
    case participantRemoved(Party)
    /// A change that this version does not know.
    case unknown
}

/// Messages that went from one request to another of the same conversation.
///
/// They keep their ids and offsets; what changes is the request they belong to and their places in
/// it.
public struct MovedMessages: Hashable, Sendable {
    /// The other request: where they went, or where they came from.
    public let other: OtherRequest
    /// The ids of the messages, in the order in which they were said.
    public let messageIDs: [MessageID]
    /// The place of the first in the request that took them; the others follow without a gap.
    public let firstSequence: UInt64
}
