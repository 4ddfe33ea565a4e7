internal import DocketClient

extension JSONLine {
    struct AttachmentFields: Encodable, Sendable {
        let id: String
        let name: String
        let mediaType: String
        let size: UInt64
        let sha256: String

        init(_ attachment: Message.Attachment) {
            id = "\(attachment.id)"
            name = attachment.name
            mediaType = attachment.mediaType
            size = attachment.size
            sha256 = attachment.sha256.map(Self.digits).joined()
        }

        private static func digits(of byte: UInt8) -> String {
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }
    }
}
