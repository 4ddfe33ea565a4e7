internal import DocketCrypto

/// A contact as another system knows it.
public struct ExternalContact: Hashable, Sendable {
    /// The longest id, in bytes of UTF-8.
    public static let longestID = 256
    /// The longest name, in bytes of UTF-8.
    public static let longestName = 128

    /// What the other system calls the contact: unique for the integration; 1 to 256 bytes.
    public let id: String
    /// The name shown to agents; 1 to 128 bytes.
    public let name: String

    /// Names a contact.
    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// What a contact of another system has said, for `Relay.ingest(_:)`.
public struct IncomingMessage: Sendable {
    /// The longest external id, in bytes of UTF-8.
    public static let longestExternalID = 1_024
    /// The most messages that one may answer.
    public static let mostReferences = 32

    /// Another message, by whichever name it is known.
    public enum Reference: Hashable, Sendable {
        /// What the other system calls it.
        case externalID(String)
        /// What the desk calls it.
        case message(MessageID)
    }

    /// What the other system calls the message; 1 to 1,024 bytes.
    ///
    /// The same id is the same message, whatever else comes with it.
    public let externalID: String
    /// Who said it.
    public let contact: ExternalContact
    /// What was said; 1 to 16,384 bytes of UTF-8, or empty where there are attachments.
    public let text: String
    /// The title of the request, if the message opens one; at most 256 bytes.
    public let title: String?
    /// When it was written, by the other system's clock.
    public let sentAt: Timestamp?
    /// Its files, in order; at most 10.
    ///
    /// Their ids are not used: each has one that is made of the message's.
    public let attachments: [AttachmentDraft]
    /// The messages that it may answer, the nearest first; at most 32.
    ///
    /// The first that was said in the contact's conversation decides which request it continues.
    /// Where none was, the channel decides: a mail that answers none opens a request.
    public let inReplyTo: [Reference]

    /// Describes what a contact has said.
    public init(
        externalID: String,
        from contact: ExternalContact,
        text: String,
        title: String? = nil,
        sentAt: Timestamp? = nil,
        attachments: [AttachmentDraft] = [],
        inReplyTo: [Reference] = []
    ) {
        self.externalID = externalID
        self.contact = contact
        self.text = text
        self.title = title
        self.sentAt = sentAt
        self.attachments = attachments
        self.inReplyTo = inReplyTo
    }
}

/// What became of a message that was taken in.
public enum Ingestion: Hashable, Sendable {
    /// It is kept, and posted as soon as that is possible.
    case kept(MessageID)
    /// It waits already, or was posted under this id when the desk had refused it under its own.
    case known(MessageID)
    /// It is a message of the desk that comes back: its delivery is confirmed.
    case echo(MessageID)

    /// The message's id on the desk.
    public var message: MessageID {
        switch self {
        case .kept(let id), .known(let id), .echo(let id): id
        }
    }
}

extension Identifier {
    /// An id that is made of names alone, so that the same names always make the same id.
    ///
    /// It is a UUID of version 7 of the moment 0, whose 74 random bits come from SHA-256: no clock
    /// has a part in it.
    init(madeOf names: [String]) {
        var seal = RowSeal("docket.relay")
        for name in names { seal.add(Array(name.utf8)) }
        var words = seal.digest.chunksOfEight[...]
        var random = WordSource { words.popFirst() ?? 0 }
        self.init(at: Timestamp(millisecondsSinceEpoch: 0), random: &random)
    }
}

/// Random numbers that come from elsewhere.
private struct WordSource: RandomNumberGenerator {
    let word: () -> UInt64

    mutating func next() -> UInt64 { word() }
}

extension [UInt8] {
    /// Numbers of eight bytes each, big-endian; what is left over is left out.
    fileprivate var chunksOfEight: [UInt64] {
        stride(from: 0, to: count - count % 8, by: 8).map { start in
            self[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
