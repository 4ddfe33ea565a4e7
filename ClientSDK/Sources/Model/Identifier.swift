internal import DocketCrypto

/// A public id: 16 bytes, made by whoever creates what it names.
///
/// Ids that this library makes are UUIDs of version 7 (RFC 9562, section 5.7), so later ones sort
/// later. `Subject` keeps the id of a message from being taken for that of a request. Ids are no
/// secret: knowing one gives no right to what it names.
public struct Identifier<Subject>: Hashable, Comparable, Sendable {
    private let value: UUIDVersion7

    /// Makes a new id, of this moment and of the system's randomness.
    public init() {
        var random = SystemRandomNumberGenerator()
        self.init(at: .now, random: &random)
    }

    /// Makes a new id of a moment and of chance.
    ///
    /// - Parameters:
    ///   - moment: When the thing that it names came to be.
    ///   - random: Where its 74 random bits come from.
    public init(at moment: Timestamp, random: inout some RandomNumberGenerator) {
        value = UUIDVersion7(at: moment.millisecondsSinceEpoch, random: &random)
    }

    /// Takes an id from its bytes; nil unless there are 16.
    public init?(bytes: some Collection<UInt8>) {
        guard let value = UUIDVersion7(bytes: bytes) else { return nil }
        self.value = value
    }

    /// The same 16 bytes as the id of something else, such as a command and what it creates.
    init<Other>(_ other: Identifier<Other>) {
        value = other.value
    }

    /// The 16 bytes of the id.
    public var bytes: [UInt8] { value.bytes }

    /// When the id was made by its maker's clock: the time bits of version 7.
    public var moment: Timestamp { Timestamp(millisecondsSinceEpoch: value.milliseconds) }

    /// Whether one id sorts before another, byte by byte.
    public static func < (left: Self, right: Self) -> Bool {
        left.value < right.value
    }
}

extension Identifier: LosslessStringConvertible {
    /// The id as lower-case UUID text of 36 characters.
    public var description: String { value.description }

    /// Takes an id from UUID text, in either case; nil if it is not one.
    public init?(_ description: String) {
        guard let value = UUIDVersion7(description) else { return nil }
        self.value = value
    }
}

extension Identifier where Subject == Command {
    /// The id of the command that creates something, which is that of what it creates.
    public init(creating subject: Identifier<some Any>) {
        self.init(subject)
    }
}

/// The id of a conversation.
public typealias ConversationID = Identifier<Conversation>
/// The id of a message, which is also the id of the command that posts it.
public typealias MessageID = Identifier<Message>
/// The id of a note, which is also the id of the command that writes it.
public typealias NoteID = Identifier<Note>
/// The id of a request.
public typealias RequestID = Identifier<SupportRequest>
/// The id of a contact, an agent, an integration or a partner.
public typealias PartyID = Identifier<Party>
