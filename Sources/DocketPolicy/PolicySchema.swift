extension PolicyDocument {
    /// The shape of a document as a JSON schema (draft 2020-12), for editors and other tools.
    ///
    /// It does not say what has to fit together, nor the limits of texts in bytes: it gives those
    /// in characters.
    package static var schema: String {
        let definitions = RecordName.allCases.filter { $0 != .document }.map {
            (name: $0.rawValue, value: RecordShape.named($0).schema)
        }
        var members: [(name: String, value: JSONText)] = [
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            ("title", .text("A policy of Docket")),
        ]
        if case .object(let root) = RecordShape.named(.document).schema { members += root }
        members.append(("$defs", .object(definitions)))
        return JSONText.object(members).lines().joined(separator: "\n") + "\n"
    }
}

extension RecordShape {
    fileprivate var schema: JSONText {
        var members: [(name: String, value: JSONText)] = [
            ("description", .text(meaning)),
            ("type", .text("object")),
            ("additionalProperties", .flag(false)),
        ]
        let required = fields.filter { $0.need == .required }.map(\.name)
        if !required.isEmpty { members.append(("required", .texts(required))) }
        members.append(("properties", .object(fields.map { ($0.name, $0.schema) })))
        if !alternatives.isEmpty {
            members.append(
                ("oneOf", .list(alternatives.map { .object([("required", .texts([$0]))]) }))
            )
        }
        let dependent = fields.flatMap(\.dependentMembers)
        if !dependent.isEmpty { members.append(("dependentRequired", .object(dependent))) }
        let conditions = fields.compactMap(\.presence)
        if !conditions.isEmpty { members.append(("allOf", .list(conditions))) }
        return .object(members)
    }
}

extension FieldShape {
    fileprivate var schema: JSONText {
        .object([("description", .text(meaning))] + value.schemaMembers)
    }

    /// That two fields only come together.
    fileprivate var dependentMembers: [(name: String, value: JSONText)] {
        guard case .onlyWith(let other, let words, let isRequired) = need, words.isEmpty else {
            return []
        }
        let itself = [(name: name, value: JSONText.texts([other]))]
        return isRequired ? itself + [(name: other, value: .texts([name]))] : itself
    }

    /// That a field only comes with some words of another.
    fileprivate var presence: JSONText? {
        guard case .onlyWith(let other, let words, let isRequired) = need, !words.isEmpty else {
            return nil
        }
        let condition = JSONText.object([
            ("properties", .object([(other, .object([("enum", .texts(words))]))])),
            ("required", .texts([other])),
        ])
        let absence = JSONText.object([("properties", .object([(name, .flag(false))]))])
        var members: [(name: String, value: JSONText)] = [("if", condition)]
        if isRequired { members.append(("then", .object([("required", .texts([name]))]))) }
        return .object(members + [("else", absence)])
    }
}

extension ValueShape {
    fileprivate var schemaMembers: [(name: String, value: JSONText)] {
        switch self {
        case .version(let number): [("const", .number(number))]
        case .key:
            [
                ("type", .text("string")),
                ("pattern", .text("^[a-z0-9_]{1,\(PolicyLimits.keyBytes)}$")),
            ]
        case .line(let limit): Self.text(limit, "^[^\\u0000-\\u001F\\u007F-\\u009F]*$")
        case .text(let limit):
            Self.text(limit, "^[^\\u0000-\\u0009\\u000B-\\u001F\\u007F-\\u009F]*$")
        case .word(let words): [("enum", .texts(words))]
        case .flag: [("type", .text("boolean"))]
        case .number(let range): Self.integer(range)
        case .span: [("type", .text("string")), ("pattern", .text("^0*[1-9][0-9]*[smhd]$"))]
        case .list(let element, let count):
            [
                ("type", .text("array")),
                ("minItems", .number(Int64(count.lowerBound))),
                ("maxItems", .number(Int64(count.upperBound))),
                ("items", .object(element.schemaMembers)),
            ]
        case .record(let name): [("$ref", .text("#/$defs/\(name.rawValue)"))]
        case .either(let plain, let other):
            [("anyOf", .list([.object(plain.schemaMembers), .object(other.schemaMembers)]))]
        }
    }

    private static func text(_ limit: Int, _ pattern: String) -> [(name: String, value: JSONText)] {
        [
            ("type", .text("string")),
            ("minLength", .number(1)),
            ("maxLength", .number(Int64(limit))),
            ("pattern", .text(pattern)),
        ]
    }

    /// A whole number; an end of the range that is the type's own is left out.
    private static func integer(_ range: ClosedRange<Int64>) -> [(name: String, value: JSONText)] {
        var members: [(name: String, value: JSONText)] = [("type", .text("integer"))]
        if range.lowerBound != .min { members.append(("minimum", .number(range.lowerBound))) }
        if range.upperBound != .max { members.append(("maximum", .number(range.upperBound))) }
        return members
    }
}
