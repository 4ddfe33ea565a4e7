/// A public entry of a request.
package struct Message: Hashable, Sendable {
    /// The message's id.
    package let id: MessageID
    /// Its place among the public entries of its request, from 1.
    package let sequence: UInt64
    /// What was said; 1 to 16,384 bytes, or empty where there are attachments.
    package let text: String
    /// When the author wrote it by the author's own clock, if told.
    package let authoredAt: Timestamp?
    /// The files that belong to it, in the author's order.
    package let attachments: [Attachment]
    /// Whether it begins no live period, as on a channel whose requests are never live.
    package let isQuiet: Bool

    /// Describes a message.
    package init(
        id: MessageID,
        sequence: UInt64,
        text: String,
        authoredAt: Timestamp?,
        attachments: [Attachment] = [],
        isQuiet: Bool = false
    ) {
        self.id = id
        self.sequence = sequence
        self.text = text
        self.authoredAt = authoredAt
        self.attachments = attachments
        self.isQuiet = isQuiet
    }
}
