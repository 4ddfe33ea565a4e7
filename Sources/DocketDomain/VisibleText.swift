extension StringProtocol {
    /// Whether there is anything in it for a reader to see: more than white space and what Unicode
    /// has no picture for, such as joiners, fillers and the blank pattern of Braille.
    package var isVisible: Bool {
        unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator,
                .spaceSeparator, .nonspacingMark, .enclosingMark:
                false
            default:
                !scalar.properties.isWhitespace && !scalar.properties.isDefaultIgnorableCodePoint
                    && scalar != "\u{2800}"
            }
        }
    }
}
