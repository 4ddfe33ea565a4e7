/// Tells the code of Swift and C apart from their comments and from what literals say.
///
/// Both results have the lines of the source, with blanks where the other one has text. What stands
/// in an interpolation counts as code.
struct SourceScanner {
    /// A language whose comments and literals the scanner knows.
    enum Language: Sendable {
        case swift
        case c
    }

    private enum Mode {
        /// Code; within an interpolation the number of open parentheses.
        case code(parentheses: Int?)
        case lineComment
        case blockComment(depth: Int)
        /// A literal: its quote, how many number signs enclose it, and how many quotes do.
        case literal(quote: UInt8, signs: Int, quotes: Int)
    }

    private let source: [UInt8]
    private let language: Language
    private var position = 0
    private var modes = [Mode.code(parentheses: nil)]
    private var code: [UInt8] = []
    private var comments: [UInt8] = []

    private init(_ text: String, _ language: Language) {
        source = Array(text.utf8)
        self.language = language
        code.reserveCapacity(source.count)
        comments.reserveCapacity(source.count)
    }

    /// Splits a source into the lines of its code and the lines of its comments.
    static func split(_ text: String, _ language: Language) -> (code: [String], comments: [String])
    {
        var scanner = SourceScanner(text, language)
        while scanner.position < scanner.source.count { scanner.step() }
        return (lines(scanner.code), lines(scanner.comments))
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: newline, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private mutating func step() {
        if source[position] == newline { return endLine() }
        switch modes[modes.count - 1] {
        case .code(let parentheses): stepInCode(parentheses)
        case .lineComment: emit(1, to: .comments)
        case .blockComment(let depth): stepInBlockComment(depth)
        case .literal(let quote, let signs, let quotes):
            stepInLiteral(quote: quote, signs: signs, quotes: quotes)
        }
    }

    private mutating func endLine() {
        if case .lineComment = modes[modes.count - 1] { modes.removeLast() }
        code.append(newline)
        comments.append(newline)
        position += 1
    }

    private mutating func stepInCode(_ parentheses: Int?) {
        if starts(with: "//") {
            modes.append(.lineComment)
            return emit(2, to: .comments)
        }
        if starts(with: "/*") {
            modes.append(.blockComment(depth: 1))
            return emit(2, to: .comments)
        }
        if let literal = openedLiteral() {
            modes.append(literal.mode)
            return emit(literal.length, to: .code)
        }
        if let parentheses { count(parentheses) }
        emit(1, to: .code)
    }

    /// Keeps count of the parentheses of an interpolation, and ends it with its last one.
    private mutating func count(_ parentheses: Int) {
        switch source[position] {
        case UInt8(ascii: "("): modes[modes.count - 1] = .code(parentheses: parentheses + 1)
        case UInt8(ascii: ")"):
            if parentheses == 1 {
                modes.removeLast()
            } else {
                modes[modes.count - 1] = .code(parentheses: parentheses - 1)
            }
        default: break
        }
    }

    private mutating func stepInBlockComment(_ depth: Int) {
        if starts(with: "*/") {
            modes.removeLast()
            if depth > 1 { modes.append(.blockComment(depth: depth - 1)) }
            return emit(2, to: .comments)
        }
        if language == .swift, starts(with: "/*") {
            modes[modes.count - 1] = .blockComment(depth: depth + 1)
            return emit(2, to: .comments)
        }
        emit(1, to: .comments)
    }

    private mutating func stepInLiteral(quote: UInt8, signs: Int, quotes: Int) {
        if source[position] == UInt8(ascii: "\\"), repeats(numberSign, signs, at: position + 1) {
            let next = position + 1 + signs
            if language == .swift, next < source.count, source[next] == UInt8(ascii: "(") {
                modes.append(.code(parentheses: 1))
                return emit(2 + signs, to: .code)
            }
            return blank(next < source.count && source[next] != newline ? 2 + signs : 1 + signs)
        }
        if repeats(quote, quotes, at: position), repeats(numberSign, signs, at: position + quotes) {
            modes.removeLast()
            return emit(quotes + signs, to: .code)
        }
        blank(1)
    }

    /// The literal that begins here, if one does.
    private func openedLiteral() -> (mode: Mode, length: Int)? {
        var start = position
        if language == .swift {
            while start < source.count, source[start] == numberSign { start += 1 }
        }
        guard start < source.count else { return nil }
        let signs = start - position
        let quote = source[start]
        guard quote == doubleQuote || (language == .c && quote == UInt8(ascii: "'")) else {
            return nil
        }
        let quotes = language == .swift && repeats(quote, 3, at: start) ? 3 : 1
        return (.literal(quote: quote, signs: signs, quotes: quotes), signs + quotes)
    }

    private func starts(with text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard position + length <= source.count else { return false }
        return text.withUTF8Buffer { source[position..<(position + length)].elementsEqual($0) }
    }

    private func repeats(_ byte: UInt8, _ count: Int, at start: Int) -> Bool {
        guard start + count <= source.count else { return false }
        return source[start..<(start + count)].allSatisfy { $0 == byte }
    }

    private enum Destination {
        case code
        case comments
    }

    private mutating func emit(_ count: Int, to destination: Destination) {
        for byte in source[position..<min(position + count, source.count)] {
            code.append(destination == .code ? byte : space)
            comments.append(destination == .comments ? byte : space)
        }
        position += count
    }

    private mutating func blank(_ count: Int) {
        for _ in 0..<count {
            code.append(space)
            comments.append(space)
        }
        position += count
    }

    private var numberSign: UInt8 { UInt8(ascii: "#") }
    private var doubleQuote: UInt8 { UInt8(ascii: "\"") }
    private var space: UInt8 { UInt8(ascii: " ") }
}

private let newline = UInt8(ascii: "\n")
