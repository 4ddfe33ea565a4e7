/// How long texts may be, and how much may be attached to a message.
public struct MessageLimits: Hashable, Sendable {
    /// The longest message, in bytes of UTF-8.
    public let textBytes: Int
    /// The longest title of a request, in bytes of UTF-8.
    public let titleBytes: Int
    /// The largest file, in bytes.
    public let attachmentBytes: UInt64
    /// The most files of a message; 0 where none may be attached.
    public let attachments: Int
    /// The media types of files that are accepted, such as `image/png`; all where there are none.
    public let attachmentTypes: [String]

    /// The most that any desk takes; a channel may allow less.
    public static let largest = MessageLimits(
        textBytes: 16_384,
        titleBytes: 256,
        attachmentBytes: 1 << 30,
        attachments: 10,
        attachmentTypes: []
    )

    /// Throws what a message has too much of, or lacks.
    func check(
        text: String,
        title: String? = nil,
        attachments: Int = 0
    ) throws(EnqueueError) {
        guard attachments <= self.attachments else {
            throw .invalid("a message has at most \(self.attachments) files")
        }
        guard text.utf8.count <= textBytes else {
            throw .invalid("the text has at most \(textBytes) bytes")
        }
        guard !text.isEmpty || attachments > 0 else {
            throw .invalid("the text is empty: a message has a text or a file")
        }
        guard title.map({ $0.utf8.count <= titleBytes }) ?? true else {
            throw .invalid("the title has at most \(titleBytes) bytes")
        }
    }
}
