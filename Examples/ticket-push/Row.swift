internal import DocketClient

/// One row of the input, as it was read: a record of CSV or a line of JSON.
struct Row: Equatable, Sendable {
    /// The longest row that is read, in bytes: several times what a ticket can hold.
    static let longest = 1 << 20

    /// The line of the input on which it begins, from 1.
    let line: Int
    /// The line of the input on which it ends: further down only where a field is in quotes.
    let lastLine: Int
    /// Its bytes with its line end, to be written where it is refused; empty for one that is too
    /// long, of which they have been given away before.
    let bytes: [UInt8]
    /// What it holds by the names of its columns, or why it cannot be read.
    let content: Result<[String: Cell], RowFault>
}

/// What a row holds in one column.
enum Cell: Hashable, Sendable {
    /// Text; everything in a CSV file is.
    case text(String)
    /// A whole number.
    case integer(Int64)
    /// Yes or no.
    case flag(Bool)
    /// Several words.
    case words([String])

    /// The cell as the text of something that is always text; nil for what has no such form.
    var text: String? {
        switch self {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .flag, .words: nil
        }
    }

    /// The cell as the field of a ticket whose type nobody has named.
    var value: FieldValue {
        switch self {
        case .text(let text): .text(text)
        case .integer(let number): .integer(number)
        case .flag(let flag): .flag(flag)
        case .words(let words): .words(words)
        }
    }
}
