/// How many cells a terminal gives to a grapheme.
///
/// Terminals disagree about rare scalars, therefore nothing that must hold depends on these widths:
/// the renderer switches automatic wrapping off while it writes, so a wrong width can misplace a
/// column but never add a row.
enum GlyphWidth {
    /// The cells of one grapheme.
    ///
    /// An emoji sequence takes two cells however many scalars build it. Everything else takes what
    /// its scalars take together, which is what terminals do that know no grapheme clusters.
    static func cells(of character: Character) -> Int {
        if let ascii = character.asciiValue {
            return ascii < 0x20 || ascii == 0x7F ? 0 : 1
        }
        if isEmojiSequence(character) {
            return 2
        }
        return character.unicodeScalars.reduce(0) { $0 + cells(of: $1) }
    }

    /// The cells of a text without line breaks.
    static func cells(of text: String) -> Int {
        text.reduce(0) { $0 + cells(of: $1) }
    }

    /// The cells of one scalar on its own.
    static func cells(of scalar: Unicode.Scalar) -> Int {
        if isZeroWidth(scalar) {
            return 0
        }
        return isWide(scalar) ? 2 : 1
    }

    /// Whether the scalar adds nothing to the width of the grapheme it belongs to.
    static func isZeroWidth(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x300 {
            return scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control:
            return true
        default:
            return isTrailingJamo(scalar)
        }
    }

    /// Whether the scalar is the vowel or final part of a decomposed Hangul syllable, which is
    /// drawn inside the cells of the syllable's first part.
    private static func isTrailingJamo(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1160...0x11FF, 0xD7B0...0xD7C6, 0xD7CB...0xD7FB: true
        default: false
        }
    }

    private static func isEmojiSequence(_ character: Character) -> Bool {
        let scalars = character.unicodeScalars
        guard let first = scalars.first, first.properties.isEmoji else { return false }
        return first.properties.isEmojiPresentation
            || scalars.dropFirst().contains { scalar in
                scalar == emojiSelector || scalar == zeroWidthJoiner
                    || scalar.properties.isEmojiModifier
            }
    }

    private static let emojiSelector: Unicode.Scalar = "\u{FE0F}"
    private static let zeroWidthJoiner: Unicode.Scalar = "\u{200D}"

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x1100 else { return false }
        return scalar.properties.isEmojiPresentation
            || wideRanges.contains { $0.contains(scalar.value) }
    }

    /// The blocks whose East Asian Width is W or F (Unicode Standard Annex 11), without the emoji,
    /// which the standard library knows itself.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
        0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1D300...0x1D376,
        0x1F200...0x1F265, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
    ]
}
