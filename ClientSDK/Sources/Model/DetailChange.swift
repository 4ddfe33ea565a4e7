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

extension DetailChange {
    /// What of it lists and status lines show; nil where that is nothing.
    var requestUpdate: RequestUpdate? {
        switch self {
        case .topic(_, let key, let name): .topic(key, nameForContact: name)
        case .watcherAdded(let agent): .watcher(agent, watches: true)
        case .watcherRemoved(let agent): .watcher(agent, watches: false)
        case .type, .priority, .field, .tagAdded, .tagRemoved, .participantAdded,
            .participantRemoved, .unknown:
            nil
        }
    }
}

extension FactChange {
    init(_ change: DetailChange) {
        switch change {
        case .topic(let before, let after, _): self.init("topic", from: before, to: after)
        case .type(let before, let after): self.init("type", from: before, to: after)
        case .priority(let before, let after): self.init("priority", from: before, to: after)
        case .field(let key, let before, let after):
            self.init(key, from: before?.wording, to: after?.wording)
        case .tagAdded(let tag): self.init("tag", to: tag)
        case .tagRemoved(let tag): self.init("tag", from: tag, to: nil)
        case .watcherAdded(let party): self.init("watcher", to: party.name)
        case .watcherRemoved(let party): self.init("watcher", from: party.name, to: nil)
        case .participantAdded(let party): self.init("participant", to: party.name)
        case .participantRemoved(let party): self.init("participant", from: party.name, to: nil)
        case .unknown: self.init("unknown", to: nil)
        }
    }
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
