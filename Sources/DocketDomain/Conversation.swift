/// The chain of requests of one contact on one channel.
package struct Conversation: Hashable, Sendable {
    /// The conversation's id.
    package let id: ConversationID
    /// Whose it is.
    package var contact: Contact
    /// The key of the channel.
    package let channel: ChannelKey
    /// The newest request, if there is one.
    package var newestRequest: RequestID?
    /// Whether only the staff knows of it, since nothing but internal requests has come of it (S3).
    package var isInternal: Bool

    /// Describes a conversation.
    package init(
        id: ConversationID,
        contact: Contact,
        channel: ChannelKey,
        newestRequest: RequestID?,
        isInternal: Bool = false
    ) {
        self.id = id
        self.contact = contact
        self.channel = channel
        self.newestRequest = newestRequest
        self.isInternal = isInternal
    }
}
