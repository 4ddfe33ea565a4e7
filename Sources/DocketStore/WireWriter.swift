internal import DocketDomain
internal import Foundation

/// Writes the fields of a Protobuf message in the order in which they are given.
///
/// It is for the few messages that are written thousands of times a second; the generated types
/// stay the definition, with which the tests compare what this writes. As in those, a field that
/// has the value of an absent one is left out (protobuf.dev, "Encoding").
struct WireWriter {
    /// The kind of a field's value, as its tag tells it.
    private enum WireKind: UInt64 {
        case number = 0
        case bytes = 2
    }

    private(set) var bytes: [UInt8] = []

    /// Makes a writer with room for so many bytes.
    init(room: Int = 0) { bytes.reserveCapacity(room) }

    /// Begins another message, in the room of the one before.
    mutating func begin() { bytes.removeAll(keepingCapacity: true) }

    /// Writes a number.
    mutating func write(_ number: UInt64, in field: UInt64) {
        guard number != 0 else { return }
        writeTag(field, .number)
        writeNumber(number)
    }

    /// Writes a truth.
    mutating func write(_ truth: Bool, in field: UInt64) { write(truth ? 1 : 0, in: field) }

    /// Writes a text.
    mutating func write(_ text: String, in field: UInt64) {
        guard !text.isEmpty else { return }
        write(each: text, in: field)
    }

    /// Writes a text also where it is empty, as one of several, or one that may be absent.
    mutating func write(each text: String, in field: UInt64) {
        writeTag(field, .bytes)
        writeNumber(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// Writes a party.
    mutating func write(_ party: Party, in field: UInt64) {
        write(in: field) { writer in
            writer.write(UInt64(party.kind.rawValue), in: 1)
            writer.write(party.id, in: 2)
            writer.write(party.name, in: 3)
        }
    }

    /// Writes the 16 bytes of an id, where there is one.
    mutating func write<Tag>(_ id: Identifier<Tag>?, in field: UInt64) {
        guard let id else { return }
        writeTag(field, .bytes)
        writeNumber(UInt64(Identifier<Tag>.byteCount))
        unsafe withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) { halves in
            unsafe bytes.append(contentsOf: halves)
        }
    }

    /// Writes a message that is encoded already.
    mutating func write(encoded message: Data, in field: UInt64) {
        writeTag(field, .bytes)
        writeNumber(UInt64(message.count))
        bytes.append(contentsOf: message)
    }

    /// Writes a message within this one, also where it has no fields.
    mutating func write(in field: UInt64, _ fields: (inout WireWriter) -> Void) {
        writeTag(field, .bytes)
        let start = bytes.count
        bytes.append(0)
        fields(&self)
        let length = bytes.count - start - 1
        guard length >= 0x80 else {
            bytes[start] = UInt8(length)
            return
        }
        // Most messages are shorter: the few others move up for the length's further bytes.
        var prefix = WireWriter()
        prefix.writeNumber(UInt64(length))
        bytes.replaceSubrange(start...start, with: prefix.bytes)
    }

    private mutating func writeTag(_ field: UInt64, _ kind: WireKind) {
        writeNumber(field << 3 | kind.rawValue)
    }

    private mutating func writeNumber(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
