package import DocketDomain

/// An attachment whose upload is complete, as the store keeps it.
///
/// Its content is not in the store but in a file beside it, which its SHA-256 names.
package struct AttachmentRecord: Hashable, Sendable {
    /// The attachment.
    package let attachment: Attachment
    /// The conversation it was uploaded for.
    package let conversation: ConversationID
    /// Who uploaded it.
    package let uploader: PrincipalID
    /// When it was complete.
    package let createdAt: Timestamp
    /// The message it is part of; `nil` until one names it.
    package var message: MessageID?
    /// Whether that message is of an internal request, so that only the staff may see it.
    package var isInternal: Bool

    /// Describes an attachment.
    package init(
        attachment: Attachment,
        conversation: ConversationID,
        uploader: PrincipalID,
        createdAt: Timestamp,
        message: MessageID? = nil,
        isInternal: Bool = false
    ) {
        self.attachment = attachment
        self.conversation = conversation
        self.uploader = uploader
        self.createdAt = createdAt
        self.message = message
        self.isInternal = isInternal
    }
}
