package import DocketDomain
package import DocketMessages
internal import Foundation

extension Attachment {
    /// The attachment as a message of the protocol.
    package var message: Docket_V1_Attachment {
        var message = Docket_V1_Attachment()
        message.id = id.data
        message.name = name
        message.mediaType = mediaType
        message.size = size
        message.sha256 = Data(sha256)
        return message
    }

    /// Takes the attachment from a message of the protocol; `nil` where it has no id.
    package init?(message: Docket_V1_Attachment) {
        guard let id = AttachmentID(bytes: message.id) else { return nil }
        self.init(
            id: id,
            name: message.name,
            mediaType: message.mediaType,
            size: message.size,
            sha256: Array(message.sha256)
        )
    }
}
