/// A value of JSON whose objects keep the order of their members.
indirect enum JSONText {
    case text(String)
    case number(Int64)
    case flag(Bool)
    case list([JSONText])
    case object([(name: String, value: JSONText)])

    /// Texts as a list.
    static func texts(_ texts: [String]) -> JSONText { .list(texts.map { .text($0) }) }

    /// The value with a line for every member, indented by two spaces a level.
    func lines() -> [String] {
        switch self {
        case .text(let text): [Self.quoted(text)]
        case .number(let number): ["\(number)"]
        case .flag(let flag): ["\(flag)"]
        case .list(let values): Self.block("[", values.map { $0.lines() }, "]")
        case .object(let members):
            Self.block("{", members.map { Self.named($0.name, $0.value.lines()) }, "}")
        }
    }

    private static func named(_ name: String, _ lines: [String]) -> [String] {
        ["\(quoted(name)): \(lines.first ?? "")"] + lines.dropFirst()
    }

    private static func block(_ open: String, _ parts: [[String]], _ close: String) -> [String] {
        guard !parts.isEmpty else { return [open + close] }
        var lines = [open]
        for (position, part) in parts.enumerated() {
            let comma = position == parts.count - 1 ? "" : ","
            lines += part.dropLast().map { "  \($0)" }
            lines.append("  \(part.last ?? "")\(comma)")
        }
        return lines + [close]
    }

    /// A text as JSON writes it (RFC 8259, section 7).
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
