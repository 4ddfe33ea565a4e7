/// A request that a partner opens, by the partner's own names for it and for its contact.
///
/// What is nil or empty is left to the desk's policy.
public struct TicketDraft: Hashable, Sendable {
    /// The request's id, if it is opened now.
    public var id: RequestID
    /// What the partner calls the request; 1 to 256 bytes.
    ///
    /// It names one request for ever: the same key with the same content is the same request,
    /// whatever id comes with it.
    public var externalKey: String
    /// What the partner calls the contact who asks; 1 to 256 bytes.
    public var contactExternalID: String
    /// The name shown to agents, if the contact is made now; 1 to 128 bytes.
    public var contactName: String
    /// The key of the channel.
    public var channel: String
    /// The description, which becomes the first message; 1 to 16,384 bytes of UTF-8.
    public var text: String
    /// The kind; nil for the channel's.
    public var kind: RequestKind?
    /// The title; at most 256 bytes.
    public var title: String?
    /// The key of the topic; nil for the channel's.
    public var topic: String?
    /// The key of the type.
    public var type: String?
    /// The key of the priority; nil for the type's, the topic's, the channel's or the default.
    public var priority: String?
    /// The fields by key.
    public var fields: [String: FieldValue] = [:]

    /// Begins a ticket with what every one needs.
    ///
    /// - Parameters:
    ///   - externalKey: What the partner calls the request.
    ///   - contactExternalID: What the partner calls the contact.
    ///   - contactName: The contact's name.
    ///   - channel: The key of the channel.
    ///   - text: The description.
    ///   - id: The request's id, if it is opened now.
    public init(
        _ externalKey: String,
        of contactExternalID: String,
        named contactName: String,
        channel: String,
        text: String,
        id: RequestID = RequestID()
    ) {
        self.id = id
        self.externalKey = externalKey
        self.contactExternalID = contactExternalID
        self.contactName = contactName
        self.channel = channel
        self.text = text
    }
}

/// What became of a ticket.
public enum TicketVerdict: Hashable, Sendable {
    /// The request is there.
    case pushed(PushedTicket)
    /// It was not opened; pushing the same again brings the same, unless a later attempt may
    /// succeed.
    case refused(Refusal, mayBeRepeated: Bool)
}

/// A request that is there because a ticket was pushed.
public struct PushedTicket: Hashable, Sendable {
    /// The request's id: another than the ticket's if the external key was known.
    public let requestID: RequestID
    /// What people call it.
    public let number: UInt64
    /// Where its beginning stands in the log.
    public let offset: UInt64
    /// Whether it was there before.
    public let wasKnown: Bool
}

/// Where a comment came to stand.
public struct CommentReceipt: Hashable, Sendable {
    /// Where it stands in the log.
    public let offset: UInt64
    /// Its place among the public entries of its request.
    public let sequence: UInt64
    /// The request it went to: another than the one it was for, if the policy takes no more
    /// messages there.
    public let requestID: RequestID
    /// That request's number.
    public let requestNumber: UInt64
}
