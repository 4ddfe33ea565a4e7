extension PolicyDocument {
    /// A table of the fields of every mapping, as Markdown.
    package static var fieldTables: String {
        RecordName.allCases.map { RecordShape.named($0).table }.joined(separator: "\n\n")
    }
}

extension RecordShape {
    fileprivate var table: String {
        let choice =
            alternatives.isEmpty
            ? "" : " Give exactly one of \(ValueShape.code(alternatives))."
        return """
            ### \(name.rawValue)

            \(meaning)\(choice)

            | field | value | default | meaning |
            |---|---|---|---|
            \(fields.map(\.row).joined(separator: "\n"))
            """
    }
}

extension FieldShape {
    fileprivate var row: String {
        "| `\(name)` | \(value.explanation) | \(absence) | \(meaning) |"
    }

    private var absence: String {
        switch need {
        case .required: "required"
        case .optional(let otherwise): otherwise
        case .onlyWith(let other, let words, let isRequired):
            (isRequired ? "required" : "no limit") + "; only with `\(other)"
                + (words.isEmpty ? "`" : ": \(words.joined(separator: "` or `"))`")
        }
    }
}

extension ValueShape {
    fileprivate static func code(_ words: [String]) -> String {
        words.map { "`\($0)`" }.joined(separator: ", ")
    }

    /// What a person writes there.
    fileprivate var explanation: String {
        switch self {
        case .version(let number): "`\(number)`"
        case .key: "key"
        case .line(let limit): "text, at most \(limit) bytes"
        case .text(let limit): "text of several lines, at most \(limit) bytes"
        case .word(let words): Self.code(words)
        case .flag: "`true` or `false`"
        case .number(let range) where range == .min ... .max: "whole number"
        case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .span: "time span"
        case .list(let element, let count):
            "list of \(count.lowerBound) to \(count.upperBound): \(element.explanation)"
        case .record(let name): "[\(name.rawValue)](#\(name.rawValue))"
        case .either(let plain, let other): "\(plain.explanation), or \(other.explanation)"
        }
    }
}
