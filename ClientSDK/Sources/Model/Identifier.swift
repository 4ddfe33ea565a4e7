/// A public id: 16 bytes, made by whoever creates what it names.
///
/// Ids that this library makes are UUIDs of version 7 (RFC 9562, section 5.7), so later ones sort
/// later. `Subject` keeps the id of a message from being taken for that of a request. Ids are no
/// secret: knowing one gives no right to what it names.
public struct Identifier<Subject>: Hashable, Comparable, Sendable {
    /// How many bytes an id has.
    static var byteCount: Int { 16 }

    private let high: UInt64
    private let low: UInt64

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
        let milliseconds = moment.millisecondsSinceEpoch << 16
        high = milliseconds | 0x7000 | (random.next() & 0x0FFF)
        low = (random.next() >> 2) | 0x8000_0000_0000_0000
    }

    /// Takes an id from its bytes; nil unless there are 16.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The same 16 bytes as the id of something else, such as a command and what it creates.
    init<Other>(_ other: Identifier<Other>) {
        high = other.high
        low = other.low
    }

    /// The 16 bytes of the id.
    public var bytes: [UInt8] {
        [high, low].flatMap { half in
            (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) }
        }
    }

    /// When the id was made by its maker's clock: the time bits of version 7.
    public var moment: Timestamp { Timestamp(millisecondsSinceEpoch: high >> 16) }

    /// Whether one id sorts before another, byte by byte.
    public static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension Identifier: LosslessStringConvertible {
    private static var groupLengths: [Int] { [8, 4, 4, 4, 12] }

    /// The id as lower-case UUID text of 36 characters.
    public var description: String {
        let digits = bytes.hexadecimal
        var rest = digits[...]
        return Self.groupLengths.map { length in
            defer { rest = rest.dropFirst(length) }
            return String(rest.prefix(length))
        }.joined(separator: "-")
    }

    /// Takes an id from UUID text, in either case; nil if it is none.
    public init?(_ description: String) {
        let groups = description.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == Self.groupLengths,
            let bytes = [UInt8](hexadecimal: groups.joined())
        else { return nil }
        self.init(bytes: bytes)
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
