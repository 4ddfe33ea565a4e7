extension StringProtocol {
    /// Whether there is anything in it for a reader to see: more than white space and what Unicode
    /// has no picture for, such as joiners, fillers and the blank pattern of Braille.
    package var isVisible: Bool {
        unicodeScalars.contains { scalar in
            // Of these, all are seen but the controls and the space.
            if scalar.isASCII { return scalar.value > 0x20 && scalar.value != 0x7F }
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator,
                .spaceSeparator, .nonspacingMark, .enclosingMark:
                return false
            default:
                return !scalar.properties.isWhitespace
                    && !scalar.properties.isDefaultIgnorableCodePoint
                    && scalar != "\u{2800}"
            }
        }
    }
}
