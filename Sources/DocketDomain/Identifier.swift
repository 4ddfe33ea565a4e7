/// A public id: a UUID of version 7, so that ids made later sort later.
///
/// `Tag` is the type of what the id names; it keeps the id of a request from being taken for the
/// id of a message. Ids are no secret: knowing one gives no right to what it names.
package struct Identifier<Tag>: Hashable, Comparable, Sendable {
    /// The first eight bytes, big-endian: 48 bits of milliseconds, the version, 12 random bits.
    package let high: UInt64
    /// The last eight bytes, big-endian: the variant and 62 random bits.
    package let low: UInt64

    /// How many bytes an id has on the wire.
    package static var byteCount: Int { 16 }

    /// Takes the two halves of an id that was valid when it was stored.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a new id from a moment and chance (RFC 9562, section 5.7).
    package init(at moment: Timestamp, random: inout some RandomNumberGenerator) {
        let randomBits = random.next()
        high = (moment.milliseconds << 16) | 0x7000 | (randomBits & 0x0FFF)
        low = (random.next() >> 2) | 0x8000_0000_0000_0000
    }

    /// Takes the id from its 16 bytes; `nil` for any other length, version or variant.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        let contiguous = bytes.withContiguousStorageIfAvailable {
            unsafe IdentifierHalves($0)
        }
        let copied = contiguous == nil ? Array(bytes) : []
        let found =
            unsafe contiguous
            ?? copied.withUnsafeBufferPointer {
                unsafe IdentifierHalves($0)
            }
        guard let halves = found,
            halves.high & 0xF000 == 0x7000, halves.low >> 62 == 0b10
        else { return nil }
        high = halves.high
        low = halves.low
    }

    /// Names the same thing by another of its types, such as a command and what it creates.
    package init<Other>(_ other: Identifier<Other>) {
        high = other.high
        low = other.low
    }

    /// The id's 16 bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        for half in [high, low] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: half >> UInt64(shift)))
            }
        }
        return bytes
    }

    /// Whether one id sorts before another, byte by byte.
    package static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension Identifier: CustomStringConvertible, LosslessStringConvertible {
    /// How many digits each group of the text has.
    private static var groupLengths: [Int] { [8, 4, 4, 4, 12] }

    /// The id as lower-case UUID text of 36 characters.
    package var description: String {
        var rest = bytes.hexadecimal[...]
        return Self.groupLengths.map { length in
            defer { rest = rest.dropFirst(length) }
            return String(rest.prefix(length))
        }.joined(separator: "-")
    }

    /// Takes the id from UUID text with dashes, in either case.
    package init?(_ text: String) {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == Self.groupLengths,
            let bytes = [UInt8](hexadecimal: groups.joined())
        else { return nil }
        self.init(bytes: bytes)
    }
}

/// The two halves of 16 bytes that lie side by side.
///
/// Ids are read for every row: a loop over a generic collection would cost more than the row.
private struct IdentifierHalves {
    let high: UInt64
    let low: UInt64

    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        let raw = UnsafeRawBufferPointer(bytes)
        guard raw.count == 16 else { return nil }
        high = UInt64(bigEndian: unsafe raw.loadUnaligned(as: UInt64.self))
        low = UInt64(bigEndian: unsafe raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
}

/// The id of a command; a creation's command id is the id of what it creates.
package typealias CommandID = Identifier<Command>
/// The id of a conversation.
package typealias ConversationID = Identifier<Conversation>
/// The id of a request.
package typealias RequestID = Identifier<SupportRequest>
/// The id of a message.
package typealias MessageID = Identifier<Message>
/// The id of a note.
package typealias NoteID = Identifier<Note>
/// The id of a contact.
package typealias ContactID = Identifier<Contact>
/// The id of an agent.
package typealias AgentID = Identifier<Agent>
/// The id of whoever may be signed in, whatever their kind.
package typealias PrincipalID = Identifier<Principal>
