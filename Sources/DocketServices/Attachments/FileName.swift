/// The names that files may have on other people's machines.
enum FileName {
    /// The longest name, in bytes of UTF-8: what the file systems of today take.
    static let maximumBytes = 255

    /// Whether a text may be the name of an attachment.
    ///
    /// It must name a file and no place, and nothing in it may change how what stands around it is
    /// shown: no controls, no ends of lines, no marks that turn the direction of writing.
    static func isValid(_ name: String) -> Bool {
        guard (1...maximumBytes).contains(name.utf8.count), name != ".", name != ".." else {
            return false
        }
        return name.unicodeScalars.allSatisfy { scalar in
            guard scalar != "/", scalar != "\\" else { return false }
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: return false
            default: return !scalar.properties.isBidiControl
            }
        }
    }
}
