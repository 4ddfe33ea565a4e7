internal import DocketDomain

/// A value of the document, of the shape that its place asks for.
enum PolicyValue: Hashable, Sendable {
    /// A key, a word or a text.
    case text(String)
    /// A truth value.
    case flag(Bool)
    /// A whole number.
    case number(Int64)
    /// A time span.
    case span(Duration)
    /// Values, in order.
    case list([PolicyValue])
    /// A mapping.
    case record(PolicyRecord)

    /// The word for every status where a transition begins.
    static let anyStatus = "any"
    /// The word for the effect that takes the agent off a request.
    static let release = "release"

    /// The texts of a list, or the one text.
    var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .list(let values): values.flatMap(\.texts)
        case .flag, .number, .span, .record: []
        }
    }
}

/// A mapping of the document, with the fields that it gives.
///
/// What is asked of it has the shape that the field has; a field that has to be there is there.
struct PolicyRecord: Hashable, Sendable {
    /// The fields that are given.
    let fields: [String: PolicyValue]

    /// Takes the fields that have a value.
    init(_ fields: [String: PolicyValue?]) {
        self.fields = fields.compactMapValues { $0 }
    }

    /// A text, if it is given.
    func text(_ name: String) -> String? { fields[name]?.texts.first }

    /// A text that has to be there.
    func requiredText(_ name: String) -> String { text(name) ?? "" }

    /// The texts of a list; none where it is not given.
    func texts(_ name: String) -> [String] { fields[name]?.texts ?? [] }

    /// A truth value, if it is given.
    func flag(_ name: String) -> Bool? {
        guard case .flag(let flag) = fields[name] else { return nil }
        return flag
    }

    /// A whole number, if it is given.
    func number(_ name: String) -> Int64? {
        guard case .number(let number) = fields[name] else { return nil }
        return number
    }

    /// A time span, if it is given.
    func span(_ name: String) -> Duration? {
        guard case .span(let span) = fields[name] else { return nil }
        return span
    }

    /// The values of a list; none where it is not given.
    func values(_ name: String) -> [PolicyValue] {
        guard case .list(let values) = fields[name] else { return [] }
        return values
    }

    /// A mapping, if it is given.
    func record(_ name: String) -> PolicyRecord? {
        guard case .record(let record) = fields[name] else { return nil }
        return record
    }

    /// The mappings of a list; none where it is not given.
    func records(_ name: String) -> [PolicyRecord] {
        values(name).compactMap { value in
            guard case .record(let record) = value else { return nil }
            return record
        }
    }

    /// What a word says, if it is given.
    func word<Word: PolicyWord>(_ name: String) -> Word? { text(name).flatMap(Word.init(word:)) }

    /// What the words of a list say.
    func words<Word: PolicyWord>(_ name: String) -> [Word] {
        texts(name).compactMap(Word.init(word:))
    }

    /// The actors of a list, if it is given.
    func actors(_ name: String) -> ActorSet? {
        guard fields[name] != nil else { return nil }
        let words = texts(name)
        return ActorSet(ActorSet.words.filter { words.contains($0.word) }.map(\.actor))
    }
}
