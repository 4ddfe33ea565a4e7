/// The key of a field in the policy; 1 to 64 bytes.
package typealias FieldKey = String

/// What a field holds.
package enum FieldType: Hashable, Sendable {
    /// Text of at most so many bytes.
    case text(limit: Int)
    /// A whole number within a range.
    case integer(ClosedRange<Int64>)
    /// A decimal number: digits with at most one point and a sign, at most 32 bytes.
    case decimal
    /// Yes or no.
    case flag
    /// A day, `YYYY-MM-DD`.
    case date
    /// One of several words.
    case choice([String])
    /// Some of several words.
    case choices([String])

    /// The longest text a field may hold, in bytes of UTF-8.
    package static let longestText = 4_096
    /// The longest decimal number, in bytes.
    package static let longestDecimal = 32

    /// The word for it in documents.
    package var word: String {
        switch self {
        case .text: "text"
        case .integer: "integer"
        case .decimal: "decimal"
        case .flag: "flag"
        case .date: "date"
        case .choice: "choice"
        case .choices: "choices"
        }
    }
}

/// A field that requests may have beside the fixed ones (C12).
package struct FieldDefinition: Hashable, Sendable {
    /// What commands name it by.
    package let key: FieldKey
    /// What people call it.
    package let name: String
    /// What it holds.
    package let type: FieldType
    /// Whether the contact sees it.
    package let isVisibleToContact: Bool

    /// Describes a field.
    package init(key: FieldKey, name: String, type: FieldType, isVisibleToContact: Bool = false) {
        self.key = key
        self.name = name
        self.type = type
        self.isVisibleToContact = isVisibleToContact
    }
}

/// When a field is asked for (C12, C36).
package enum FieldPhase: String, Hashable, Sendable, CaseIterable {
    /// When the request is made on purpose.
    case create
    /// While it is worked on: before it is resolved or closed.
    case process
    /// When it is resolved or closed.
    case close
}

/// Which fields are asked for, and when (C31).
package struct FieldSet: Hashable, Sendable {
    /// The topic, with those below it; every topic where there is none.
    package let topic: TopicKey?
    /// The kind; every kind where there is none.
    package let kind: RequestKind?
    /// When.
    package let phase: FieldPhase
    /// The fields that have to be there.
    package let required: [FieldKey]
    /// The fields that may be there.
    package let optional: [FieldKey]

    /// Whether it is about requests of a kind whose topic, and those above it, are these.
    package func fits(topics: [TopicKey], kind: RequestKind) -> Bool {
        (self.kind == nil || self.kind == kind) && topic.map(topics.contains) ?? true
    }

    /// Describes which fields are asked for.
    package init(
        topic: TopicKey? = nil,
        kind: RequestKind? = nil,
        phase: FieldPhase,
        required: [FieldKey],
        optional: [FieldKey] = []
    ) {
        self.topic = topic
        self.kind = kind
        self.phase = phase
        self.required = required
        self.optional = optional
    }
}

/// What a field of a request holds.
package enum FieldValue: Hashable, Sendable {
    /// Text, a decimal number, a day or a word, as the field's type says.
    case text(String)
    /// A whole number.
    case integer(Int64)
    /// Yes or no.
    case flag(Bool)
    /// Words, each once, in the order of the field's own.
    case words([String])

    /// The value as conditions compare it and people read it.
    package var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .integer(let number): [String(number)]
        case .flag(let flag): [flag ? "true" : "false"]
        case .words(let words): words
        }
    }
}

extension FieldType {
    /// The value that somebody has written as text, as on a form or a command line: a number,
    /// `true`, `yes`, `false` or `no`, or words with commas between them.
    ///
    /// What cannot be read so stays as it is.
    package func reading(_ value: FieldValue) -> FieldValue {
        guard case .text(let text) = value else { return value }
        switch self {
        case .text, .decimal, .date, .choice: return value
        case .integer: return Int64(text).map { .integer($0) } ?? value
        case .choices: return .words(text.split(separator: ",").map(String.init))
        case .flag:
            switch text.lowercased() {
            case "true", "yes": return .flag(true)
            case "false", "no": return .flag(false)
            default: return value
            }
        }
    }

    /// What is allowed, where a value is not; `nil` where it is.
    package func problem(with value: FieldValue) -> [String]? {
        switch (self, value) {
        case (.text(let limit), .text(let text)):
            (1...limit).contains(text.utf8.count) ? nil : ["1 to \(limit) bytes"]
        case (.integer(let range), .integer(let number)):
            range.contains(number) ? nil : ["\(range.lowerBound) to \(range.upperBound)"]
        case (.decimal, .text(let text)): Self.isDecimal(text) ? nil : ["a decimal number"]
        case (.flag, .flag): nil
        case (.date, .text(let text)): Self.isDate(text) ? nil : ["a day as YYYY-MM-DD"]
        case (.choice(let words), .text(let word)): words.contains(word) ? nil : words
        case (.choices(let words), .words(let chosen)):
            (1...max(1, words.count)).contains(chosen.count) && chosen.allSatisfy(words.contains)
                && Set(chosen).count == chosen.count
                ? nil : words
        case (.text(let limit), _): ["1 to \(limit) bytes"]
        case (.integer(let range), _): ["\(range.lowerBound) to \(range.upperBound)"]
        case (.decimal, _): ["a decimal number"]
        case (.flag, _): ["true", "false"]
        case (.date, _): ["a day as YYYY-MM-DD"]
        case (.choice(let words), _), (.choices(let words), _): words
        }
    }

    private static func isDecimal(_ text: String) -> Bool {
        guard text.utf8.count <= longestDecimal else { return false }
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        return (1...2).contains(parts.count)
            && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], parts.joined().utf8.allSatisfy(isDigit),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...12).contains(month) && (1...days[month - 1]).contains(day)
    }
}
