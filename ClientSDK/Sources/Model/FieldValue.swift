/// What a field of the desk's policy holds.
public enum FieldValue: Hashable, Sendable {
    /// Text, a decimal number, a day as `YYYY-MM-DD` or a word, as the field's type says.
    case text(String)
    /// A whole number.
    case integer(Int64)
    /// Yes or no.
    case flag(Bool)
    /// Some of several words, each once.
    case words([String])
}

extension FieldValue {
    /// What it says, for people.
    package var wording: String {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .flag(let flag): flag ? "yes" : "no"
        case .words(let words): words.joined(separator: ", ")
        }
    }
}
