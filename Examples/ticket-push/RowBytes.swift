/// The bytes of a row while it is read.
///
/// All of them are kept as long as they are no more than `Row.longest`. Those of a longer row are
/// given away in pieces, so that they can be written where it is refused.
struct RowBytes: Sendable {
    /// Whether the row has more bytes than it may.
    private(set) var isTooLong = false
    private var bytes: [UInt8] = []

    /// Whether no byte has come, or all are given away.
    var isEmpty: Bool { bytes.isEmpty }

    /// Whether every byte that is kept is one of some.
    func areAll(of others: [UInt8]) -> Bool { bytes.allSatisfy(others.contains) }

    /// Takes the next byte.
    mutating func append(_ byte: UInt8) {
        if bytes.count == Row.longest { isTooLong = true }
        bytes.append(byte)
    }

    /// Gives away what a row that is too long has so far; nil for any other.
    mutating func takePiece() -> [UInt8]? {
        guard isTooLong, !bytes.isEmpty else { return nil }
        defer { bytes = [] }
        return bytes
    }

    /// Gives the bytes of a row that ends, none of one that is too long, and begins the next.
    mutating func end() -> [UInt8] {
        defer { self = RowBytes() }
        return isTooLong ? [] : bytes
    }
}

/// What is read of an input: rows, and the bytes of those that are too long.
enum Portion<Content> {
    /// Bytes of a row that is too long, with those before and behind it in their order.
    case piece([UInt8])
    /// A row that has ended.
    case row(Content)
}

extension Portion: Equatable where Content: Equatable {}
extension Portion: Sendable where Content: Sendable {}
