/// Text that is safe to show on a terminal; the only text that this module writes.
///
/// Whatever it is made from, it holds no escape sequence, no control character besides newlines,
/// and nothing invisible: `init(untrusted:as:)` replaces all of that by something visible. Styles
/// are attributes of spans, never codes in the text. A literal is our own words, and values put
/// into it are filtered like every text from outside, as fields:
///
///     let line: TerminalText = "\(name) is typing…"
public struct TerminalText: Hashable, Sendable {
    /// What a text from outside is, which decides how much of it is shown.
    public enum Extent: Hashable, Sendable {
        /// What somebody wrote: keeps its lines, up to `maximumLines` of `maximumLineLength`.
        case message
        /// A name, title, file name or error: one line of up to `maximumFieldLength`.
        case field
    }

    /// Graphemes shown of one line of a message: more than a screenful, so that a line which was
    /// made to flood the scrollback ends.
    public static let maximumLineLength = 8192

    /// Lines shown of one message; a message of more is read elsewhere than in a chat.
    public static let maximumLines = 500

    /// Graphemes shown of a field: the longest honest names stay whole and none fills a screen.
    public static let maximumFieldLength = 256

    /// A run of text in one style.
    struct Span: Hashable, Sendable {
        var text: String
        var style: TextStyle
    }

    private(set) var spans: [Span]

    /// Whether there is nothing to show.
    public var isEmpty: Bool { spans.isEmpty }

    /// The text without its styles, for pipes and for terminals without any.
    public var plainText: String { spans.reduce(into: "") { $0 += $1.text } }

    /// The cells that the text takes if it is one line.
    public var width: Int { spans.reduce(0) { $0 + GlyphWidth.cells(of: $1.text) } }

    /// Creates safe text from anything.
    ///
    /// - Parameters:
    ///   - text: What somebody else wrote, or what contains it.
    ///   - extent: Whether lines are kept, and how much is shown; what is left out is marked.
    public init(untrusted text: some StringProtocol, as extent: Extent = .message) {
        switch extent {
        case .message: self.init(clean: Self.boundedMessage(TextFilter.clean(text)))
        case .field: self.init(clean: Self.boundedField(TextFilter.clean(text)))
        }
    }

    /// Creates safe text from bytes, which are read as UTF-8 with U+FFFD in place of errors.
    ///
    /// - Parameters:
    ///   - bytes: What came from outside.
    ///   - extent: Whether lines are kept, and how much is shown; what is left out is marked.
    public init(untrustedBytes bytes: some Collection<UInt8>, as extent: Extent = .message) {
        self.init(untrusted: String(decoding: bytes, as: UTF8.self), as: extent)
    }

    /// Creates text from what `TextFilter` returned.
    init(clean text: String, style: TextStyle = .plain) {
        spans = text.isEmpty ? [] : [Span(text: text, style: style)]
    }

    /// The same text in one style, whatever styles it had.
    public func styled(_ style: TextStyle) -> TerminalText {
        TerminalText(clean: plainText, style: style)
    }

    /// The same text in bold.
    public var bold: TerminalText { emphasized(.bold) }

    /// The same text, less noticeable.
    public var dim: TerminalText { emphasized(.dim) }

    /// The same text with the colours of text and background exchanged.
    public var reversed: TerminalText { emphasized(.reversed) }

    /// The same text in a colour.
    public func coloured(_ colour: TextStyle.Colour) -> TerminalText {
        restyled { $0.colour = colour }
    }

    private func emphasized(_ emphasis: TextStyle.Emphasis) -> TerminalText {
        restyled { $0.emphasis = emphasis }
    }

    private func restyled(_ change: (inout TextStyle) -> Void) -> TerminalText {
        var result = self
        for index in result.spans.indices {
            change(&result.spans[index].style)
        }
        return result
    }

    /// Appends a text, which keeps its styles.
    public static func += (text: inout TerminalText, suffix: TerminalText) {
        for span in suffix.spans {
            text.append(span)
        }
    }

    /// Two texts in one, each with its styles.
    public static func + (text: TerminalText, suffix: TerminalText) -> TerminalText {
        var result = text
        result += suffix
        return result
    }

    /// Appends a run, joined with the last one where the style is the same.
    mutating func append(_ span: Span) {
        if let last = spans.last, last.style == span.style {
            spans[spans.count - 1].text += span.text
        } else {
            spans.append(span)
        }
    }
}

extension TerminalText {
    private static func boundedMessage(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var shown = lines.prefix(maximumLines).map { bounded($0, to: maximumLineLength) }
        if lines.count > maximumLines {
            shown.append("… (\(lines.count - maximumLines) more lines)")
        }
        return shown.joined(separator: "\n")
    }

    private static func boundedField(_ text: String) -> String {
        let line = text.map { $0 == "\n" ? "\u{240A}" : $0 }
        return bounded(Substring(String(line)), to: maximumFieldLength)
    }

    private static func bounded(_ line: Substring, to limit: Int) -> String {
        guard let end = line.index(line.startIndex, offsetBy: limit, limitedBy: line.endIndex),
            end < line.endIndex
        else { return String(line) }
        return line[..<end] + "…"
    }
}

extension TerminalText: ExpressibleByStringInterpolation {
    /// Our own words with values in them; strings among the values are filtered as fields.
    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        fileprivate var text = TerminalText(clean: "")

        /// Begins an interpolation; the capacities are of no use here.
        public init(literalCapacity: Int, interpolationCount: Int) {}

        /// Appends words of our own.
        public mutating func appendLiteral(_ literal: String) {
            text += TerminalText(untrusted: literal)
        }

        /// Appends a text with its styles.
        public mutating func appendInterpolation(_ value: TerminalText) {
            text += value
        }

        /// Appends a text from outside as one line.
        public mutating func appendInterpolation(_ value: some StringProtocol) {
            text += TerminalText(untrusted: value, as: .field)
        }

        /// Appends a number.
        public mutating func appendInterpolation(_ value: some BinaryInteger) {
            text += TerminalText(clean: String(value))
        }
    }

    /// Creates text from our own words.
    ///
    /// They too are filtered, so no text ever holds an escape.
    public init(stringLiteral value: String) {
        self.init(untrusted: value)
    }

    /// Creates text from our own words and values.
    public init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.text
    }
}
