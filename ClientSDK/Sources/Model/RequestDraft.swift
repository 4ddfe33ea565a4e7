/// A request to be opened on purpose.
///
/// A contact opens its own requests; an integration or a partner those of a contact whom it
/// brought; an agent those of any contact. What is nil or empty is left to the desk's policy.
public struct RequestDraft: Hashable, Sendable {
    /// The key of the channel.
    public var channel: String
    /// The description, which becomes the first message; 1 to 16,384 bytes of UTF-8.
    public var text: String
    /// The contact who asks; nil for a contact, who asks for itself.
    public var contact: PartyID?
    /// The kind; nil for the channel's.
    public var kind: RequestKind?
    /// Integrations only: by which way it came, `line`, `portal` or `bot`.
    public var origin: RequestOrigin?
    /// The title; at most 256 bytes.
    ///
    /// Some channels want it.
    public var title: String?
    /// The key of the topic; nil for the channel's.
    public var topic: String?
    /// The key of the type.
    public var type: String?
    /// The key of the priority; nil for the type's, the topic's, the channel's or the default.
    public var priority: String?
    /// The tags; at most 100.
    ///
    /// Staff only.
    public var tags: [String] = []
    /// The fields by key.
    public var fields: [String: FieldValue] = [:]
    /// Whether the contact is to hear nothing of it.
    ///
    /// Staff only.
    public var isInternal = false
    /// The request it is made from.
    ///
    /// Staff only.
    public var source: RequestID?
    /// The files that belong to the description, uploaded before for the contact's conversation on
    /// the channel, in the order in which to show them; at most 10.
    public var attachments: [AttachmentID] = []

    /// Begins a draft with what every request needs.
    public init(channel: String, text: String, contact: PartyID? = nil) {
        self.channel = channel
        self.text = text
        self.contact = contact
    }
}
