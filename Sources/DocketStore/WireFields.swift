internal import Foundation

/// The fields of an encoded Protobuf message, read one after the other without decoding what is not
/// asked for.
///
/// It ends where a message is cut off or malformed, as if no field followed.
struct WireFields {
    /// A field: its number, and where its value's bytes lie; no bytes for a number.
    typealias Field = (number: UInt64, bytes: Range<Int>)

    private let data: Data
    private var position: Int
    private let end: Int

    /// Reads a message, or one that lies within it.
    init(_ data: Data, in range: Range<Int>? = nil) {
        self.data = data
        position = range?.lowerBound ?? data.startIndex
        end = range?.upperBound ?? data.endIndex
    }

    /// The next field; `nil` behind the last.
    mutating func next() -> Field? {
        guard let tag = number() else { return nil }
        let length: UInt64
        switch tag & 7 {
        case 0:
            guard number() != nil else { return nil }
            length = 0
        case 1: length = 8
        case 2:
            guard let given = number() else { return nil }
            length = given
        case 5: length = 4
        default: return nil
        }
        guard length <= UInt64(end - position) else { return nil }
        let start = position
        position += Int(length)
        return (tag >> 3, start..<position)
    }

    /// The next field with a number; `nil` where none follows.
    mutating func next(_ wanted: UInt64) -> Field? {
        while let field = next() {
            if field.number == wanted { return field }
        }
        return nil
    }

    private mutating func number() -> UInt64? {
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < end else { return nil }
            let byte = data[position]
            position += 1
            result |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return result }
        }
        return nil
    }
}
