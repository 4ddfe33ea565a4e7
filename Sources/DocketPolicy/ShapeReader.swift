internal import DocketDomain
internal import Yams

/// Holds the nodes of a YAML document against the shapes of a policy and collects everything that
/// does not fit.
struct ShapeReader {
    /// What does not fit, in the order of the document.
    private(set) var problems: [PolicyProblem] = []

    private mutating func refuse(_ path: String, _ rule: String, _ allowed: [String] = []) {
        problems.append(
            PolicyProblem(path: path.isEmpty ? "document" : path, rule: rule, allowed: allowed)
        )
    }

    private func join(_ path: String, _ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }

    // MARK: Mappings

    /// Takes a mapping; `nil` where it is none or does not fit.
    mutating func record(_ node: Node, _ name: RecordName, _ path: String) -> PolicyRecord? {
        let shape = RecordShape.named(name)
        guard let mapping = node.mapping else {
            refuse(path, "must be a mapping", shape.fieldNames)
            return nil
        }
        let problemsBefore = problems.count
        let nodes = fields(of: mapping, shape, path)
        checkPresence(in: nodes, shape, path)
        var values: [String: PolicyValue?] = [:]
        for field in shape.fields {
            guard let node = nodes[field.name] else { continue }
            values[field.name] = value(node, field.value, join(path, field.name))
        }
        return problems.count == problemsBefore ? PolicyRecord(values) : nil
    }

    /// The fields of a mapping that the shape knows.
    private mutating func fields(
        of mapping: Node.Mapping,
        _ shape: RecordShape,
        _ path: String
    ) -> [String: Node] {
        let known = shape.fieldNames
        var nodes: [String: Node] = [:]
        for (key, value) in mapping {
            let name = key.scalar?.string ?? "?"
            if !known.contains(name) {
                refuse(join(path, name), "is unknown", known)
            } else if nodes.updateValue(value, forKey: name) != nil {
                refuse(join(path, name), "is given twice")
            }
        }
        return nodes
    }

    private mutating func checkPresence(
        in nodes: [String: Node],
        _ shape: RecordShape,
        _ path: String
    ) {
        for field in shape.fields { checkNeed(of: field, in: nodes, path) }
        let given = shape.alternatives.filter { nodes[$0] != nil }
        if !shape.alternatives.isEmpty, given.count != 1 {
            refuse(path, "must have exactly one of these", shape.alternatives)
        }
    }

    private mutating func checkNeed(of field: FieldShape, in nodes: [String: Node], _ path: String)
    {
        let isGiven = nodes[field.name] != nil
        switch field.need {
        case .optional: return
        case .required:
            guard !isGiven else { return }
            refuse(join(path, field.name), "is missing", field.value.allowed)
        case .onlyWith(let other, let words, let isRequired):
            let text = nodes[other]?.scalar?.string
            let fits = nodes[other] != nil && (words.isEmpty || text.map(words.contains) ?? false)
            let partner = words.isEmpty ? other : "\(other): \(words.joined(separator: " or "))"
            if fits, isRequired, !isGiven {
                refuse(
                    join(path, field.name),
                    "is missing, with \(partner)",
                    field.value.allowed
                )
            } else if !fits, isGiven {
                refuse(join(path, field.name), "is only for \(partner)")
            }
        }
    }

    // MARK: Values

    private mutating func value(_ node: Node, _ shape: ValueShape, _ path: String) -> PolicyValue? {
        switch shape {
        case .list(let element, let count): list(node, of: element, count, path)
        case .record(let name): record(node, name, path).map { .record($0) }
        case .either(let plain, let other):
            value(node, node.scalar == nil ? other : plain, path)
        case .version, .key, .line, .text, .word, .flag, .number, .span:
            scalar(node, shape, path)
        }
    }

    private mutating func list(
        _ node: Node,
        of element: ValueShape,
        _ count: ClosedRange<Int>,
        _ path: String
    ) -> PolicyValue? {
        guard let sequence = node.sequence else {
            refuse(path, "must be a list", element.allowed)
            return nil
        }
        guard count.contains(sequence.count) else {
            refuse(path, "must have \(count.lowerBound) to \(count.upperBound) elements")
            return nil
        }
        return .list(
            sequence.enumerated().compactMap { position, node in
                value(node, element, "\(path)[\(position)]")
            }
        )
    }

    private mutating func scalar(_ node: Node, _ shape: ValueShape, _ path: String) -> PolicyValue?
    {
        guard let text = node.scalar?.string else {
            refuse(path, "must be a plain value", shape.allowed)
            return nil
        }
        guard let value = shape.value(of: text) else {
            refuse(path, shape.rule, shape.allowed)
            return nil
        }
        return value
    }
}

extension ValueShape {
    /// The value that a text stands for; `nil` where it does not fit the shape.
    fileprivate func value(of text: String) -> PolicyValue? {
        switch self {
        case .version(let number): Int64(text) == number ? .number(number) : nil
        case .key: Self.isKey(text) ? .text(text) : nil
        case .line(let limit): Self.isText(text, limit, lines: false) ? .text(text) : nil
        case .text(let limit): Self.isText(text, limit, lines: true) ? .text(text) : nil
        case .word(let words): words.contains(text) ? .text(text) : nil
        case .flag: Bool(text).map { .flag($0) }
        case .number(let range): Int64(text).flatMap { range.contains($0) ? .number($0) : nil }
        case .span: PolicyDuration.parse(text).map { .span($0) }
        case .list, .record, .either: nil
        }
    }

    /// Whether a text is a key; keys are compared byte by byte everywhere, so that they are ASCII.
    private static func isKey(_ text: String) -> Bool {
        (1...PolicyLimits.keyBytes).contains(text.utf8.count)
            && text.utf8.allSatisfy { character in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
                    || character == UInt8(ascii: "_")
            }
    }

    /// Whether a text has 1 to so many bytes and no control characters but, perhaps, line ends.
    private static func isText(_ text: String, _ limit: Int, lines: Bool) -> Bool {
        (1...limit).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.properties.generalCategory != .control || (lines && scalar == "\n")
            }
    }

    /// What is said of a value that does not fit.
    fileprivate var rule: String {
        switch self {
        case .version: "is not the format of this version"
        case .key: "must be a key"
        case .line, .text: "must be a text"
        case .word: "is not a known word"
        case .flag: "must be a truth value"
        case .number: "must be a whole number"
        case .span: "must be a time span"
        case .list: "must be a list"
        case .record: "must be a mapping"
        case .either(let plain, _): plain.rule
        }
    }

    /// What is allowed.
    var allowed: [String] {
        switch self {
        case .version(let number): ["\(number)"]
        case .key:
            ["1 to \(PolicyLimits.keyBytes) lower-case letters, digits and underscores"]
        case .line(let limit): ["1 to \(limit) bytes without control characters"]
        case .text(let limit): ["1 to \(limit) bytes without control characters but line ends"]
        case .word(let words): words
        case .flag: ["true", "false"]
        case .number(let range): ["\(range.lowerBound) to \(range.upperBound)"]
        case .span: PolicyDuration.allowed
        case .list(let element, _): element.allowed
        case .record(let name): RecordShape.named(name).fieldNames
        case .either(let plain, let other): plain.allowed + other.allowed
        }
    }
}
