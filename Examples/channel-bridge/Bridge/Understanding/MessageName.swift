/// The Message-ID of a mail, without its angle brackets.
struct MessageName: Hashable, Sendable, Codable {
    /// The longest one that is taken as it is, in bytes: what the desk takes as an external id,
    /// less the brackets.
    ///
    /// A longer one goes by its digest.
    static let longest = 998

    /// The name, such as `20261129.1@mail.example`.
    let text: String

    /// Takes a name without brackets.
    init(_ text: String) {
        self.text = text
    }

    /// The names in a Message-ID, In-Reply-To or References field, in their order.
    ///
    /// What is not between brackets is a comment or a date of an old program. Names that are too
    /// long or have blanks in them are left out.
    static func all(in field: String) -> [MessageName] {
        field.split(separator: "<").dropFirst(field.hasPrefix("<") ? 0 : 1).compactMap { part in
            guard let end = part.firstIndex(of: ">") else { return nil }
            let name = part[..<end]
            guard (1...longest).contains(name.utf8.count),
                name.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7f })
            else { return nil }
            return MessageName(String(name))
        }
    }

    /// The name as it stands in a field.
    var bracketed: String { "<\(text)>" }
}
