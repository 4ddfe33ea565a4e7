package import DocketDomain

/// A file whose content is durable, and which is to become an attachment.
///
/// A creation.
package struct CompletedUpload: Hashable, Sendable {
    /// The attachment to be.
    package let attachment: Attachment
    /// The conversation it was uploaded for.
    package let conversation: ConversationID

    /// Describes a file that was uploaded.
    package init(_ attachment: Attachment, for conversation: ConversationID) {
        self.attachment = attachment
        self.conversation = conversation
    }
}
