internal import Foundation

/// A word of a text, as the search compares it.
package struct SearchWord: Hashable, Sendable {
    /// The word without differences of case and without the marks on its letters.
    package let folded: String
    /// Where the word stands in its text.
    package let range: Range<String.Index>
}

/// The words of a text, one after another: what the index has and what a query asks for.
///
/// A word is an unbroken run of letters, digits and the marks on them; everything else parts words.
/// Scripts that put no space between words have each letter for a word: a run of them is then found
/// wherever it stands, as a phrase.
package struct SearchWords: Sequence, IteratorProtocol {
    private let text: String
    private var place: String.Index

    init(in text: String) {
        self.text = text
        place = text.startIndex
    }

    /// The words of a text, folded, with a space between two.
    package static func folded(_ text: String) -> String {
        if let words = foldedASCII(text) { return words }
        var words = ""
        words.reserveCapacity(text.utf8.count)
        for word in SearchWords(in: text) where !word.folded.isEmpty {
            if !words.isEmpty { words += " " }
            words += word.folded
        }
        return words
    }

    /// The same in one pass, for what most texts are made of; `nil` where a text is not ASCII.
    private static func foldedASCII(_ text: String) -> String? {
        var isASCII = true
        let words = unsafe String(unsafeUninitializedCapacity: text.utf8.count) { words in
            var count = 0
            var isInWord = false
            for byte in text.utf8 {
                let folded: UInt8
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                    folded = byte
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): folded = byte | 0x20
                case 0x80...:
                    isASCII = false
                    return 0
                default:
                    isInWord = false
                    continue
                }
                // Never more than the text has: what parts two words is a byte of it too.
                if !isInWord, count > 0 {
                    unsafe words[count] = UInt8(ascii: " ")
                    count += 1
                }
                isInWord = true
                unsafe words[count] = folded
                count += 1
            }
            return count
        }
        return isASCII ? words : nil
    }

    /// The next word; `nil` behind the last.
    package mutating func next() -> SearchWord? {
        let scalars = text.unicodeScalars
        guard let start = scalars[place...].firstIndex(where: { $0.beginsWord }) else {
            return nil
        }
        let rest = scalars[scalars.index(after: start)...]
        let isWhole = scalars[start].isWordOfItsOwn
        let end =
            rest.firstIndex { scalar in
                isWhole
                    ? !scalar.isMark
                    : !(scalar.beginsWord || scalar.isMark) || scalar.isWordOfItsOwn
            } ?? scalars.endIndex
        place = end
        return SearchWord(folded: Self.fold(text[start..<end]), range: start..<end)
    }

    /// The word without what the search makes no difference of.
    ///
    /// Capitals first: only so the sharp s, the final sigma and the two kinds of i meet what they
    /// are in capitals. What is left of a letter that stands for several, such as a ligature or a
    /// fraction, are the letters and digits.
    private static func fold(_ word: Substring) -> String {
        guard !word.utf8.allSatisfy({ $0 < 0x80 }) else { return word.lowercased() }
        let capitals = unmarked(String(word)).uppercased()
        var folded = String.UnicodeScalarView()
        for scalar in unmarked(capitals).unicodeScalars {
            folded.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
        }
        return String(folded).precomposedStringWithCanonicalMapping
    }

    private static func unmarked(_ text: String) -> String {
        let parts = text.decomposedStringWithCompatibilityMapping.unicodeScalars
        return String(
            String.UnicodeScalarView(parts.filter { $0.beginsWord || $0.isPartOfLetter })
        )
    }
}

extension Unicode.Scalar {
    /// Whether a word may begin with it.
    fileprivate var beginsWord: Bool {
        if isASCII { return properties.isAlphabetic || ("0"..."9").contains(self) }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber, .privateUse:
            return true
        default:
            return false
        }
    }

    /// Whether it stands on what is before it, or is not to be seen.
    fileprivate var isMark: Bool {
        // The voicing marks of narrow Japanese letters stand behind them as letters do.
        if value == 0xFF9E || value == 0xFF9F { return true }
        return switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        case .format: properties.isDefaultIgnorableCodePoint
        default: false
        }
    }

    /// Whether it is a mark without which the letter would be another, as are the vowels of Indian
    /// scripts and of Thai, which have no order of their own among marks as accents and points do,
    /// and the voicing of Japanese.
    fileprivate var isPartOfLetter: Bool {
        isMark && !properties.isDefaultIgnorableCodePoint
            && properties.generalCategory != .enclosingMark
            && (properties.canonicalCombiningClass == .notReordered
                || properties.canonicalCombiningClass == .virama
                || properties.canonicalCombiningClass == .kanaVoicing)
    }

    /// Whether it belongs to a script that puts no space between words: Chinese, Japanese, Thai,
    /// Lao, Khmer and Burmese.
    var isWordOfItsOwn: Bool {
        guard value >= 0x0E00 else { return false }
        return Self.scriptsWithoutSpaces.contains { $0.contains(value) }
    }

    /// Where Unicode has those scripts (its blocks of version 15.1).
    private static let scriptsWithoutSpaces: [ClosedRange<UInt32>] = [
        0x0E01...0x0E4E, 0x0E81...0x0ECD, 0x0EDC...0x0EDF, 0x1000...0x103F, 0x1050...0x108F,
        0x1780...0x17D3, 0x2E80...0x2FDF, 0x3005...0x3007, 0x3021...0x3029, 0x3031...0x303C,
        0x3041...0x30FF, 0x3105...0x312F, 0x31A0...0x31BF, 0x31F0...0x31FF, 0x3400...0x4DBF,
        0x4E00...0x9FFF, 0xA9E0...0xA9FE, 0xAA60...0xAA7F, 0xF900...0xFAFF, 0xFF66...0xFF9F,
        0x1AFF0...0x1B16F, 0x20000...0x323AF,
    ]
}
