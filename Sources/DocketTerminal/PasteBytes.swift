/// The bytes of a bracketed paste up to its end marker.
struct PasteBytes: Equatable, Sendable {
    private static let endMarker = Array("\u{1B}[201~".utf8)

    private var bytes: [UInt8] = []

    /// Bytes of the end marker that have come; they are content if the marker breaks off.
    private var matched = 0

    /// What was pasted, with U+FFFD in place of what is not UTF-8.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Takes a byte and returns whether it completed the end marker.
    mutating func append(_ byte: UInt8) -> Bool {
        if byte == Self.endMarker[matched] {
            matched += 1
            return matched == Self.endMarker.count
        }
        let broken = Self.endMarker.prefix(matched)
        keep(broken)
        // The marker's first byte occurs in it only once, so no other beginning can be inside.
        matched = byte == Self.endMarker[0] ? 1 : 0
        if matched == 0 {
            keep([byte])
        }
        return false
    }

    private mutating func keep(_ content: some Collection<UInt8>) {
        let room = KeyDecoder.maximumPasteBytes - bytes.count
        bytes.append(contentsOf: content.prefix(room))
    }
}
