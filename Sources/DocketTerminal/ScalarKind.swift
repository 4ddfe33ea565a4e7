/// What a scalar would do to a terminal, as far as `TextFilter` must tell.
enum ScalarKind: Equatable {
    case lineBreak
    case carriageReturn
    case tab
    /// A control character that Unicode has a picture for.
    case control(picture: Unicode.Scalar)
    /// A scalar that a terminal obeys or that nobody would see: C1 controls, bidirectional
    /// overrides and isolates, zero-width and other format characters, line and paragraph
    /// separators, tags, private use, fillers, and what is not assigned.
    case hidden
    /// The zero-width joiner, which is honest inside an emoji only.
    case joiner
    /// A scalar that is drawn on the one before it.
    case mark
    case emoji
    case visible

    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x0A: self = .lineBreak
        case 0x0D: self = .carriageReturn
        case 0x09: self = .tab
        case 0x7F: self = .control(picture: "\u{2421}")
        case 0x200D: self = .joiner
        case 0..<0x20: self = Self.picture(of: scalar)
        case 0x20..<0x7F: self = .visible
        default: self = Self.beyondASCII(scalar)
        }
    }

    /// The control pictures stand in the order of the controls (Unicode block U+2400).
    private static func picture(of control: Unicode.Scalar) -> ScalarKind {
        Unicode.Scalar(0x2400 + control.value).map(Self.control) ?? .hidden
    }

    private static func beyondASCII(_ scalar: Unicode.Scalar) -> ScalarKind {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            return .hidden
        default:
            break
        }
        if properties.isDefaultIgnorableCodePoint && !properties.isVariationSelector {
            return .hidden
        }
        if GlyphWidth.isZeroWidth(scalar) || properties.isEmojiModifier {
            return .mark
        }
        return properties.isEmoji && !isRegionalIndicator(scalar) && scalar.value > 0xFF
            ? .emoji : .visible
    }

    private static func isRegionalIndicator(_ scalar: Unicode.Scalar) -> Bool {
        (0x1F1E6...0x1F1FF).contains(scalar.value)
    }
}
