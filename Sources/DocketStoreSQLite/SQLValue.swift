internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import GRDBSQLite

/// A value for a parameter of a statement.
enum SQLValue {
    case null
    case integer(Int64)
    case text(String)
    case blob(Data)
    case halves(high: UInt64, low: UInt64)
    case digest(Digest)

    /// A number that is never negative; one beyond SQLite's range counts as its largest.
    static func number(_ number: some BinaryInteger) -> SQLValue {
        .integer(Int64(clamping: number))
    }

    /// A number, where there is one.
    static func number(_ number: (some BinaryInteger)?) -> SQLValue {
        number.map { .number($0) } ?? .null
    }

    /// The milliseconds of a moment.
    static func moment(_ moment: Timestamp?) -> SQLValue {
        .number(moment?.milliseconds)
    }

    /// The whole milliseconds of a time span that is not negative.
    static func span(_ span: Duration) -> SQLValue {
        .moment(Timestamp(milliseconds: 0) + span)
    }

    /// The whole milliseconds of a time span that may be negative.
    static func signedSpan(_ span: Duration) -> SQLValue {
        span < .zero ? .integer(Int64(clamping: -wholeMilliseconds(.zero - span))) : .span(span)
    }

    private static func wholeMilliseconds(_ span: Duration) -> Int128 {
        span.attoseconds / 1_000_000_000_000_000
    }

    /// The 16 bytes of an id, where there is one.
    static func id<Tag>(_ id: Identifier<Tag>?) -> SQLValue {
        id.map { .halves(high: $0.high, low: $0.low) } ?? .null
    }

    /// A text, where there is one.
    static func text(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }

    /// Bytes, where there are any.
    static func blob(_ bytes: Data?) -> SQLValue { bytes.map { .blob($0) } ?? .null }

    /// Binds the value; SQLite keeps a copy of it.
    ///
    /// Gives SQLite's result code.
    func bind(to statement: OpaquePointer, at position: Int32) -> Int32 {
        switch self {
        case .null: return unsafe sqlite3_bind_null(statement, position)
        case .integer(let number): return unsafe sqlite3_bind_int64(statement, position, number)
        case .text(var text):
            return text.withUTF8 { unsafe Self.bind(text: $0, to: statement, at: position) }
        case .blob(let data):
            return unsafe data.withUnsafeBytes { bytes in
                unsafe Self.bind(blob: bytes, to: statement, at: position)
            }
        case .halves(let high, let low):
            return unsafe withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes in
                unsafe Self.bind(blob: bytes, to: statement, at: position)
            }
        case .digest(let digest):
            return unsafe withUnsafeBytes(of: digest.words) { bytes in
                unsafe Self.bind(blob: bytes, to: statement, at: position)
            }
        }
    }

    /// Tells SQLite to copy what is bound.
    private static var copies: sqlite3_destructor_type? {
        unsafe unsafeBitCast(-1, to: sqlite3_destructor_type?.self)
    }

    private static func bind(
        text: UnsafeBufferPointer<UInt8>,
        to statement: OpaquePointer,
        at position: Int32
    ) -> Int32 {
        unsafe text.withMemoryRebound(to: CChar.self) { characters in
            // An empty text may have no address, and no address would mean NULL.
            guard let start = characters.baseAddress else {
                return unsafe sqlite3_bind_text(statement, position, "", 0, copies)
            }
            let count = Int32(clamping: characters.count)
            return unsafe sqlite3_bind_text(statement, position, start, count, copies)
        }
    }

    private static func bind(
        blob: UnsafeRawBufferPointer,
        to statement: OpaquePointer,
        at position: Int32
    ) -> Int32 {
        guard let start = blob.baseAddress, blob.count > 0 else {
            return unsafe sqlite3_bind_zeroblob(statement, position, 0)
        }
        let count = Int32(clamping: blob.count)
        return unsafe sqlite3_bind_blob(statement, position, start, count, copies)
    }
}
