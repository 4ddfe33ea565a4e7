/// A UUID of version 7 (RFC 9562, section 5.7): a moment and chance, so that later ones sort later.
///
/// Those who make ids without being the desk make them here: the client library and the tools.
package struct UUIDVersion7: Hashable, Comparable, Sendable {
    /// How many bytes an id has.
    package static let byteCount = 16
    /// How many digits each group of the text has.
    private static let groupLengths = [8, 4, 4, 4, 12]

    /// The first eight bytes, big-endian: 48 bits of milliseconds, the version, 12 random bits.
    private let high: UInt64
    /// The last eight bytes, big-endian: the variant and 62 random bits.
    private let low: UInt64

    /// Makes a new id of a moment, in milliseconds since 1970, and of chance.
    package init(at milliseconds: UInt64, random: inout some RandomNumberGenerator) {
        high = (milliseconds << 16) | 0x7000 | (random.next() & 0x0FFF)
        low = (random.next() >> 2) | 0x8000_0000_0000_0000
    }

    /// Takes an id from its bytes; nil unless there are 16.
    ///
    /// Version and variant are not looked at: whose id it is has decided that.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The 16 bytes of the id.
    package var bytes: [UInt8] {
        [high, low].flatMap { half in
            (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) }
        }
    }

    /// When the id was made by its maker's clock, in milliseconds since 1970.
    package var milliseconds: UInt64 { high >> 16 }

    /// Whether one id sorts before another, byte by byte.
    package static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension UUIDVersion7: LosslessStringConvertible {
    /// The id as lower-case UUID text of 36 characters.
    package var description: String {
        var rest = bytes.hexadecimal[...]
        return Self.groupLengths.map { length in
            defer { rest = rest.dropFirst(length) }
            return String(rest.prefix(length))
        }.joined(separator: "-")
    }

    /// Takes an id from UUID text, in either case; nil if it is not one.
    package init?(_ description: String) {
        let groups = description.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == Self.groupLengths,
            let bytes = [UInt8](hexadecimal: groups.joined())
        else { return nil }
        self.init(bytes: bytes)
    }
}
