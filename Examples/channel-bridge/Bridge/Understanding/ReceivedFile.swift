internal import DocketConsole

/// A file that came with a mail.
struct ReceivedFile: Hashable, Sendable {
    /// A name without a path, safe to show and to save.
    var name: String
    /// The content.
    var bytes: [UInt8]

    private static let letter = "mail.eml"
    private static let endings = [
        "text/plain": "text.txt", "text/html": "text.html", "text/calendar": "invitation.ics",
        "application/pdf": "document.pdf", "image/jpeg": "image.jpg", "image/png": "image.png",
        "image/gif": "image.gif", "message/delivery-status": "delivery-status.txt",
    ]

    /// Takes a part of a mail for a file.
    init(_ part: RawMail.Part) {
        bytes = part.bytes
        if let named = part.fileName, !named.isEmpty {
            name = SafeFileName.name(from: OneLine.text(from: named))
        } else if part.mediaType.hasPrefix("message/rfc822") {
            name = Self.letter
        } else {
            name = Self.endings[part.mediaType] ?? SafeFileName.name(from: "")
        }
    }

    /// Names a content.
    init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}
