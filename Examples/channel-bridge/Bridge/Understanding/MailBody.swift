/// What a reader sees of a mail: its text, and the files beside it.
struct MailBody: Hashable, Sendable {
    /// The text; may be empty.
    var text = ""
    /// The files, in the order of the mail.
    var files: [ReceivedFile] = []

    /// Chooses among the parts of a mail.
    ///
    /// Of several versions of the same text the plain one is taken, and a page is turned into text
    /// where there is none. Texts that stand one after the other are read so.
    init(_ parts: [RawMail.Part]) {
        let plain = Set(
            parts.filter { $0.alternative != 0 && $0.isText && $0.mediaType == "text/plain" }
                .map(\.alternative)
        )
        var texts: [String] = []
        for part in parts {
            guard part.isText else {
                files.append(ReceivedFile(part))
                continue
            }
            if part.mediaType == "text/html", plain.contains(part.alternative) { continue }
            let text = Self.text(of: part)
            if !text.isEmpty { texts.append(text) }
        }
        text = texts.joined(separator: "\n\n")
    }

    private static func text(of part: RawMail.Part) -> String {
        let text = CharacterSet(part.charset).text(of: part.bytes)
        return tidy(part.mediaType == "text/html" ? HTMLText.text(from: text) : text)
    }

    /// The text without what no reader sees: control characters, and blanks at the ends.
    ///
    /// Lines end with a line feed, whatever they ended with.
    private static func tidy(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where previous == "\r": break
            case "\r", "\n": kept.append("\n")
            case "\t": kept.append("\t")
            default: if scalar.properties.generalCategory != .control { kept.append(scalar) }
            }
            previous = scalar
        }
        var lines = String(kept).split(separator: "\n", omittingEmptySubsequences: false).map {
            line in
            var line = line
            while line.last == " " || line.last == "\t" { line.removeLast() }
            return line
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.drop(while: \.isEmpty).joined(separator: "\n")
    }
}

extension RawMail.Part {
    /// Whether it is read with the mail, and is no file.
    fileprivate var isText: Bool {
        !isAttachment && (fileName ?? "").isEmpty
            && (mediaType == "text/plain" || mediaType == "text/html")
    }
}
