/// The text of a page: what a reader without pictures and styles would see.
///
/// It is read once from the front to the end, whatever is wrong in it, and nothing in it is
/// followed or run.
struct HTMLText {
    /// The longest entity that is taken for one, in characters; longer ones are text.
    private static let longestEntity = 12

    /// What is between these says nothing to a reader.
    private static let silent: Set<String> = ["script", "style", "head", "title", "template"]
    /// These begin a line, and end one.
    private static let blocks: Set<String> = [
        "address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset",
        "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol",
        "p", "pre", "section", "table", "tr", "ul",
    ]
    /// After these a line is left free.
    private static let paragraphs: Set<String> = [
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote", "pre",
    ]
    private static let entities: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "copy": "©",
        "reg": "®", "euro": "€", "hellip": "…", "ndash": "–", "mdash": "—", "lsquo": "‘",
        "rsquo": "’", "ldquo": "“", "rdquo": "”", "bull": "•", "auml": "ä", "ouml": "ö",
        "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß", "eacute": "é",
        "egrave": "è", "agrave": "à", "ccedil": "ç", "laquo": "«", "raquo": "»", "zwnj": "",
        "shy": "",
    ]

    private var lines: [String] = [""]
    private var isSpaceDue = false
    private var silence: String?
    private var links: [String?] = []
    /// What has been looked for up to the end, and is not looked for again: a page of many
    /// beginnings without an end is read in one go, too.
    private var isWithoutCommentEnd = false
    private var isWithoutQuoteEnd = false
    private var isWithoutTagEnd = false

    private init() {}

    /// The text of a page.
    static func text(from page: String) -> String {
        var reader = HTMLText()
        reader.read(Array(page.unicodeScalars))
        return reader.finished
    }

    private mutating func read(_ page: [Unicode.Scalar]) {
        var index = 0
        while index < page.count {
            switch page[index] {
            case "<": index = readTag(page, at: index)
            case "&": index = readEntity(page, at: index)
            default:
                add(page[index])
                index += 1
            }
        }
    }

    // MARK: Tags

    /// Reads a tag or a comment, and gives the place after it.
    private mutating func readTag(_ page: [Unicode.Scalar], at start: Int) -> Int {
        let next = start + 1 < page.count ? page[start + 1] : " "
        guard next == "/" || next == "!" || next == "?" || next.properties.isAlphabetic,
            let end = commentEnd(page, start) ?? tagEnd(page, start)
        else {
            add("<")
            return start + 1
        }
        apply(page[(start + 1)..<max(start + 1, end - 1)])
        return end
    }

    /// The place after a comment; nil where none begins, or none ends.
    private mutating func commentEnd(_ page: [Unicode.Scalar], _ start: Int) -> Int? {
        guard !isWithoutCommentEnd, page[start...].starts(with: "<!--".unicodeScalars) else {
            return nil
        }
        var dashes = 0
        for index in (start + 4)..<max(start + 4, page.count) {
            if page[index] == ">", dashes >= 2 { return index + 1 }
            dashes = page[index] == "-" ? dashes + 1 : 0
        }
        isWithoutCommentEnd = true
        return nil
    }

    /// The place after a tag's end, which may be in quotes only if there is no other; nil where
    /// there is none.
    private mutating func tagEnd(_ page: [Unicode.Scalar], _ start: Int) -> Int? {
        var quote: Unicode.Scalar?
        for index in start..<(isWithoutQuoteEnd ? start : page.count) {
            let scalar = page[index]
            if let open = quote {
                if scalar == open { quote = nil }
            } else if scalar == ">" {
                return index + 1
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
            }
        }
        isWithoutQuoteEnd = true
        guard !isWithoutTagEnd else { return nil }
        if let end = page[start...].firstIndex(of: ">") { return end + 1 }
        isWithoutTagEnd = true
        return nil
    }

    private mutating func apply(_ tag: ArraySlice<Unicode.Scalar>) {
        let isEnd = tag.first == "/"
        let name = String(
            String.UnicodeScalarView(
                tag.dropFirst(isEnd ? 1 : 0).prefix { $0.properties.isAlphabetic || $0.isDigit }
            )
        ).lowercased()
        if let silence {
            if isEnd, name == silence { self.silence = nil }
            return
        }
        if !isEnd, Self.silent.contains(name), tag.last != "/" {
            silence = name
        } else if name == "br" {
            lines.append("")
            isSpaceDue = false
        } else if name == "td" || name == "th" {
            isSpaceDue = true
        } else if name == "a" {
            link(isEnd ? nil : Self.target(of: tag), isEnd: isEnd)
        } else if Self.blocks.contains(name) {
            breakLine(free: isEnd && Self.paragraphs.contains(name))
            if !isEnd, name == "li" { lines[lines.count - 1] = "- " }
        }
    }

    /// Where a link leads, if that is a page or a mailbox.
    private static func target(of tag: ArraySlice<Unicode.Scalar>) -> String? {
        let text = String(String.UnicodeScalarView(tag))
        guard let place = text.lowercased().firstRange(of: "href=") else { return nil }
        let distance = text.lowercased().distance(
            from: text.startIndex,
            to: place.upperBound
        )
        let value = text.dropFirst(distance)
        let bare =
            if let quote = value.first, quote == "\"" || quote == "'" {
                value.dropFirst().prefix { $0 != quote }
            } else {
                value.prefix { !$0.isWhitespace }
            }
        return bare.hasPrefix("http://") || bare.hasPrefix("https://") ? String(bare) : nil
    }

    /// Says after a link's words where it leads, if the words do not.
    private mutating func link(_ target: String?, isEnd: Bool) {
        guard isEnd else { return links.append(target) }
        guard let target = links.popLast() ?? nil, !lines[lines.count - 1].hasSuffix(target)
        else { return }
        lines[lines.count - 1] += " <\(target)>"
    }

    private mutating func breakLine(free: Bool) {
        if lines[lines.count - 1] != "" { lines.append("") }
        if free, lines.count > 1, lines[lines.count - 2] != "" { lines.append("") }
        isSpaceDue = false
    }

    // MARK: Text

    private mutating func readEntity(_ page: [Unicode.Scalar], at start: Int) -> Int {
        let rest = page[(start + 1)...].prefix(Self.longestEntity)
        guard let end = rest.firstIndex(of: ";"), let text = Self.entity(rest[..<end]) else {
            add("&")
            return start + 1
        }
        for scalar in text.unicodeScalars { add(scalar) }
        return end + 1
    }

    private static func entity(_ name: ArraySlice<Unicode.Scalar>) -> String? {
        let name = String(String.UnicodeScalarView(name))
        guard name.hasPrefix("#") else { return entities[name] }
        let digits = name.dropFirst()
        let number =
            digits.first == "x" || digits.first == "X"
            ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return number.flatMap(Unicode.Scalar.init).map { String(Character($0)) }
    }

    private mutating func add(_ scalar: Unicode.Scalar) {
        guard silence == nil else { return }
        if scalar.properties.isWhitespace {
            isSpaceDue = true
            return
        }
        let last = lines.count - 1
        if isSpaceDue, lines[last] != "", !lines[last].hasSuffix(" ") { lines[last] += " " }
        isSpaceDue = false
        lines[last].unicodeScalars.append(scalar)
    }

    /// The lines, with at most one free one between two.
    private var finished: String {
        var kept: [String] = []
        for line in lines {
            var line = line
            while line.last == " " { line.removeLast() }
            if line.isEmpty, kept.last?.isEmpty != false { continue }
            kept.append(line)
        }
        while kept.last == "" { kept.removeLast() }
        return kept.joined(separator: "\n")
    }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}
