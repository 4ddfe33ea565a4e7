/// One thing to change about a request.
public enum RequestEdit: Hashable, Sendable {
    /// The title, at most 256 bytes; nil takes it away.
    case title(String?)
    /// The key of the topic; nil for none.
    case topic(String?)
    /// The key of the type; nil for none.
    case type(String?)
    /// The key of the priority.
    case priority(String)
    /// What a field is to hold, by its key; nil empties it.
    case field(String, FieldValue?)
    /// A tag to add; 1 to 64 bytes.
    case addTag(String)
    /// A tag to remove.
    case removeTag(String)
    /// An agent to watch the request.
    case addWatcher(PartyID)
    /// An agent to stop watching it.
    case removeWatcher(PartyID)
    /// A contact whom the request concerns too.
    case addParticipant(PartyID)
    /// A contact whom it no longer concerns.
    case removeParticipant(PartyID)
}
