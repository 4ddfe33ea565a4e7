internal import Yams

/// The fields of one mapping of a document, which all have to be known.
struct PolicyFields {
    /// Where the mapping is.
    let path: String
    private var nodes: [String: Node] = [:]
    private(set) var problems: [PolicyProblem] = []

    /// Takes a mapping's fields and notes those that are unknown or given twice.
    init(_ node: Node, path: String, known: [String]) {
        self.path = path
        guard let mapping = node.mapping else {
            problems = [PolicyProblem(path: path, rule: "must be a mapping", allowed: known)]
            return
        }
        for (key, value) in mapping {
            let name = key.string ?? "?"
            let place = Self.join(path, name)
            if !known.contains(name) {
                problems.append(
                    PolicyProblem(path: place, rule: "is unknown", allowed: known)
                )
            } else if nodes.updateValue(value, forKey: name) != nil {
                problems.append(PolicyProblem(path: place, rule: "is given twice"))
            }
        }
    }

    /// Where a field is.
    func place(_ name: String) -> String { Self.join(path, name) }

    private static func join(_ path: String, _ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }

    /// Notes a problem with a field.
    mutating func refuse(_ name: String, _ rule: String, allowed: [String] = []) {
        problems.append(PolicyProblem(path: place(name), rule: rule, allowed: allowed))
    }

    /// Whether a field is given.
    func has(_ name: String) -> Bool { nodes[name] != nil }

    /// A text that must be there and have 1 to so many bytes.
    mutating func text(_ name: String, bytes limit: Int) -> String {
        guard let node = nodes[name] else {
            refuse(name, "is missing")
            return ""
        }
        guard let text = node.string, !text.isEmpty, text.utf8.count <= limit else {
            refuse(name, "must be a text of 1 to \(limit) bytes")
            return ""
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            refuse(name, "must have no control characters")
            return ""
        }
        return text
    }

    /// A key: what commands and other parts of the document name something by.
    mutating func key(_ name: String) -> String {
        let problemsBefore = problems.count
        let key = text(name, bytes: PolicyReader.keyBytes)
        guard problems.count == problemsBefore else { return "" }
        let isKey = key.utf8.allSatisfy { character in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
                || character == UInt8(ascii: "_")
        }
        if !isKey { refuse(name, "must consist of lower-case letters, digits and underscores") }
        return key
    }

    /// One of several words.
    mutating func word<Value>(_ name: String, of words: [(String, Value)]) -> Value? {
        let text = nodes[name]?.string
        if let found = words.first(where: { $0.0 == text }) { return found.1 }
        refuse(
            name,
            has(name) ? "is none of the known words" : "is missing",
            allowed: words.map(\.0)
        )
        return nil
    }

    /// A truth value, which may be left out.
    mutating func flag(_ name: String, otherwise: Bool) -> Bool {
        guard let node = nodes[name] else { return otherwise }
        guard let value = node.bool else {
            refuse(name, "must be a truth value", allowed: ["true", "false"])
            return otherwise
        }
        return value
    }

    /// A time span, which may be left out.
    mutating func duration(_ name: String) -> Duration? {
        guard let node = nodes[name] else { return nil }
        guard let span = node.string.flatMap(PolicyDuration.parse) else {
            refuse(name, "must be a time span", allowed: PolicyDuration.allowed)
            return nil
        }
        return span
    }

    /// A list of at least one and at most so many elements, each with its place.
    mutating func list(_ name: String, limit: Int) -> [(node: Node, path: String)] {
        guard let node = nodes[name] else {
            refuse(name, "is missing")
            return []
        }
        guard let sequence = node.sequence, (1...limit).contains(sequence.count) else {
            refuse(name, "must be a list of 1 to \(limit) elements")
            return []
        }
        return sequence.enumerated().map { ($0.element, "\(place(name))[\($0.offset)]") }
    }
}
