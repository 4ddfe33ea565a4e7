/// Why a row makes no ticket; nothing of it is pushed.
enum RowFault: Error, Hashable, Sendable {
    /// It has more bytes than `Row.longest`; the quote of the field in which it has too many opens
    /// on this line.
    case tooLong(quoteLine: Int?)
    /// It has so many fields, and the header another number of them.
    case fieldCount(Int, header: Int)
    /// A quote stands where none may, or something stands behind the closing one.
    case strayQuote
    /// A quote that opens on this line is not closed before the end of the input.
    case openQuote(line: Int)
    /// What a column holds is not UTF-8.
    case notUTF8(column: String)
    /// The line is not a JSON object of texts, whole numbers, flags and lists of texts.
    case notAnObject
    /// The line names something twice.
    case repeatedName
    /// The column has nothing in it, and a ticket needs it.
    case missing(column: String)
    /// The column holds more bytes than it may.
    case longValue(column: String, limit: Int)
    /// The column holds a NUL character.
    case unreadable(column: String)
    /// An earlier row of the input has its key and holds something else.
    case reusedKey
    /// The column holds something else than it is to hold.
    case wrongValue(column: String, expected: String)

    /// A stable word for scripts.
    var reason: String {
        switch self {
        case .tooLong: "row_too_long"
        case .fieldCount: "field_count"
        case .strayQuote: "stray_quote"
        case .openQuote: "open_quote"
        case .notUTF8: "not_utf8"
        case .notAnObject: "not_an_object"
        case .repeatedName: "repeated_name"
        case .missing: "field_missing"
        case .longValue: "field_too_long"
        case .unreadable: "unreadable"
        case .reusedKey: "key_reused"
        case .wrongValue: "invalid_value"
        }
    }
}

extension RowFault: CustomStringConvertible {
    /// What is the matter, for a person.
    var description: String {
        switch self {
        case .tooLong(nil): "the row has more than \(Row.longest) bytes"
        case .tooLong(let line?):
            "the row has more than \(Row.longest) bytes: the quote that opens on line \(line) is "
                + "not closed before that"
        case .fieldCount(let count, let header):
            "the row has \(count) fields and the header \(header)"
        case .strayQuote:
            "a quote stands inside a field: put the whole field in quotes, and write \"\" for one"
        case .openQuote(let line):
            "the quote that opens on line \(line) is never closed, so everything behind it is in "
                + "this row"
        case .notUTF8(let column): "\(column) is not UTF-8 text"
        case .repeatedName: "the line has a name twice: leave one of the two out"
        case .notAnObject:
            "the line is not a JSON object of texts, whole numbers, true, false and lists of texts"
        case .missing(let column): "\(column) is empty"
        case .longValue(let column, let limit): "\(column) has more than \(limit) bytes"
        case .unreadable(let column): "\(column) has a NUL character"
        case .reusedKey: "an earlier row has its key and another content"
        case .wrongValue(let column, let expected): "\(column) is not \(expected)"
        }
    }
}
