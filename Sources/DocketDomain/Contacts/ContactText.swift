/// Reads the texts of contacts and companies that have a form of their own.
enum ContactText {
    /// A name: 1 to 128 bytes of UTF-8 that people can see, without the white space around it.
    static func name(_ text: String, path: String) throws(FieldFault) -> String {
        let name = text.trimmed
        guard name.isVisible else { throw FieldFault(path, .missing) }
        return try bounded(name, path, TextLimits.nameBytes)
    }

    /// A tag of a language (RFC 5646, section 2.1), or nothing.
    ///
    /// Its form is checked and not whether there is such a language: the registry grows.
    static func language(_ text: String, path: String) throws(FieldFault) -> String {
        let tag = try bounded(text, path, ContactLimits.languageBytes)
        guard !tag.isEmpty else { return "" }
        let parts = tag.split(separator: "-", omittingEmptySubsequences: false)
        let isTag = parts.allSatisfy { part in
            (1...ContactLimits.languagePartBytes).contains(part.utf8.count)
                && part.utf8.allSatisfy(\.isLetterOrDigit)
        }
        guard isTag, let first = parts.first, first.utf8.count >= 2,
            first.utf8.allSatisfy(\.isLetter)
        else { throw FieldFault(path, .invalid) }
        return tag
    }

    /// A name of the time zone database, such as `Europe/Kyiv`, or nothing.
    ///
    /// Its form is checked and not whether there is such a zone: the database changes.
    static func timeZone(_ text: String, path: String) throws(FieldFault) -> String {
        let name = try bounded(text, path, ContactLimits.timeZoneBytes)
        guard !name.isEmpty else { return "" }
        let isName = name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && $0.utf8.allSatisfy { $0.isLetterOrDigit || "_+-".utf8.contains($0) }
        }
        guard isName else { throw FieldFault(path, .invalid) }
        return name
    }

    /// The key of a client category, or nothing.
    static func category(_ text: String, path: String) throws(FieldFault) -> String {
        let key = try bounded(text, path, ContactLimits.categoryBytes)
        guard key.utf8.allSatisfy({ $0.isLetterOrDigit || "_-".utf8.contains($0) }) else {
            throw FieldFault(path, .invalid)
        }
        return key
    }

    /// The text, where it has at most so many bytes of UTF-8.
    static func bounded(
        _ text: String,
        _ path: String,
        _ limit: Int
    ) throws(FieldFault) -> String {
        guard text.utf8.count <= limit else { throw FieldFault(path, .tooLong(limit: limit)) }
        return text
    }

    /// The entries of a list, each read in its place, where there are at most so many and no two
    /// are alike.
    static func list<Raw, Value: Hashable>(
        _ entries: [Raw],
        _ path: String,
        atMost limit: Int,
        _ read: (Raw, String) throws(FieldFault) -> Value
    ) throws(FieldFault) -> [Value] {
        guard entries.count <= limit else { throw FieldFault(path, .tooMany(limit: limit)) }
        var values: [Value] = []
        for (position, entry) in entries.enumerated() {
            let value = try read(entry, "\(path)[\(position)]")
            guard !values.contains(value) else {
                throw FieldFault("\(path)[\(position)]", .repeated)
            }
            values.append(value)
        }
        return values
    }
}

extension UInt8 {
    /// Whether the byte is a letter of ASCII.
    fileprivate var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }

    /// Whether the byte is a letter or a digit of ASCII.
    fileprivate var isLetterOrDigit: Bool {
        isLetter || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }
}

extension String {
    /// The text without the white space around it.
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { String(start[...$0]) } ?? ""
    }

    /// By what a name is found and sorted: people write the same name in any case.
    package var nameKey: String { trimmed.lowercased() }
}
