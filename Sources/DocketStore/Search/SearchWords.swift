internal import Foundation

/// A word of a text, as the search compares it.
struct SearchWord: Hashable {
    /// The word without differences of case and without diacritics.
    let folded: String
    /// Where the word stands in its text.
    let range: Range<String.Index>
}

/// The words of a text, one after another.
///
/// A word is an unbroken run of letters, digits and the marks on them; everything else parts words.
/// It is how SQLite's tokenizer unicode61 divides a text (sqlite.org/fts5.html, 4.3.1), so that
/// what the index has found is also found in the text.
struct SearchWords: Sequence, IteratorProtocol {
    private let text: String
    private var place: String.Index

    init(in text: String) {
        self.text = text
        place = text.startIndex
    }

    mutating func next() -> SearchWord? {
        let scalars = text.unicodeScalars
        guard let start = scalars[place...].firstIndex(where: Self.begins) else { return nil }
        let end = scalars[start...].firstIndex { !Self.continues($0) } ?? scalars.endIndex
        place = end
        return SearchWord(folded: Self.fold(text[start..<end]), range: start..<end)
    }

    /// Whether a word may begin with a character.
    private static func begins(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.properties.isAlphabetic || isDigit(scalar) }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber, .privateUse:
            return true
        default:
            return false
        }
    }

    private static func continues(_ scalar: Unicode.Scalar) -> Bool {
        begins(scalar) || scalar.properties.generalCategory == .nonspacingMark
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { "0"..."9" ~= scalar }

    /// The word in small letters, each without the marks on it.
    private static func fold(_ word: Substring) -> String {
        let small = word.lowercased()
        guard small.unicodeScalars.contains(where: { !$0.isASCII }) else { return small }
        var folded = String.UnicodeScalarView()
        folded.append(
            contentsOf: small.decomposedStringWithCanonicalMapping.unicodeScalars.filter {
                $0.properties.generalCategory != .nonspacingMark
            }
        )
        return String(folded)
    }
}
