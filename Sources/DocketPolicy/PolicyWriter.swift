internal import DocketDomain

/// Writes values of a policy as YAML, in the order that the shapes give.
enum PolicyWriter {
    /// A mapping as the lines of a block.
    static func lines(_ record: PolicyRecord, _ name: RecordName) -> [String] {
        let shape = RecordShape.named(name)
        var lines: [String] = []
        for field in shape.fields {
            guard let value = record.fields[field.name] else { continue }
            let block = block(value, field.value)
            if let plain = block.plain {
                lines.append("\(field.name): \(plain)")
            } else {
                if name == .document { lines.append("") }
                lines.append("\(field.name):")
                lines += block.lines.map { "  \($0)" }
            }
        }
        return lines
    }

    /// A value on the line of its field, or below it.
    private static func block(
        _ value: PolicyValue,
        _ shape: ValueShape
    ) -> (plain: String?, lines: [String]) {
        switch (value, shape) {
        case (.record(let record), .record(let name)): (nil, lines(record, name))
        case (.list(let values), .list(let element, _)) where values.contains(where: \.isRecord):
            (nil, values.flatMap { item($0, element) })
        default: (plain(value, shape), [])
        }
    }

    /// An element of a list.
    private static func item(_ value: PolicyValue, _ shape: ValueShape) -> [String] {
        guard case .record(let record) = value, let name = shape.recordName else {
            return ["- \(plain(value, shape))"]
        }
        return lines(record, name).enumerated().map { position, line in
            (position == 0 ? "- " : "  ") + line
        }
    }

    /// A value on one line.
    static func plain(_ value: PolicyValue, _ shape: ValueShape) -> String {
        switch value {
        case .text(let text): bare(text)
        case .flag(let flag): "\(flag)"
        case .number(let number): "\(number)"
        case .span(let span): PolicyDuration.text(of: span)
        case .list(let values):
            "[\(values.map { plain($0, shape.element) }.joined(separator: ", "))]"
        case .record(let record):
            "{\(shape.recordName.map { plainFields(record, $0) } ?? "")}"
        }
    }

    private static func plainFields(_ record: PolicyRecord, _ name: RecordName) -> String {
        RecordShape.named(name).fields.compactMap { field in
            record.fields[field.name].map { "\(field.name): \(plain($0, field.value))" }
        }.joined(separator: ", ")
    }

    /// What YAML takes for something else than text where it is not quoted.
    private static let ambiguous: Set<String> = [
        "true", "false", "yes", "no", "on", "off", "y", "n", "null",
    ]

    /// A text as it is where it looks like a key, and otherwise in quotes.
    private static func bare(_ text: String) -> String {
        let isLowerCase = { (byte: UInt8) in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        }
        let isPlain = { (byte: UInt8) in
            isLowerCase(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        }
        guard text.utf8.first.map(isLowerCase) ?? false, text.utf8.allSatisfy(isPlain),
            !ambiguous.contains(text)
        else { return quoted(text) }
        return text
    }

    /// A text in double quotes (YAML 1.2.2, section 7.3.1), with nothing that might be taken for an
    /// anchor.
    private static func quoted(_ text: String) -> String {
        let quoted = "\"" + text.unicodeScalars.map(escaped).joined() + "\""
        guard AnchorScan.firstLine(withAnchorIn: quoted) != nil else { return quoted }
        let scalars = quoted.unicodeScalars.map { $0 == "&" ? "\\x26" : String($0) }
        return scalars.joined()
    }

    /// A character as it stands between double quotes; what is not printable or ends a line is
    /// escaped.
    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\\": return "\\\\"
        case "\"": return "\\\""
        case "\n": return "\\n"
        case " "..."~", "\u{A0}"..."\u{2027}", "\u{202A}"..."\u{D7FF}", "\u{E000}"..."\u{FEFE}",
            "\u{FF00}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
            return String(scalar)
        default:
            let digits = String(scalar.value, radix: 16)
            return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        }
    }
}

extension PolicyValue {
    fileprivate var isRecord: Bool {
        guard case .record = self else { return false }
        return true
    }
}

extension ValueShape {
    /// The shape of a list's elements.
    var element: ValueShape {
        switch self {
        case .list(let element, _): element
        case .either(_, let other): other.element
        case .version, .key, .line, .text, .word, .flag, .number, .span, .record: self
        }
    }

    /// The mapping that it is, or may be.
    var recordName: RecordName? {
        switch self {
        case .record(let name): name
        case .either(_, let other): other.recordName
        case .version, .key, .line, .text, .word, .flag, .number, .span, .list: nil
        }
    }
}
