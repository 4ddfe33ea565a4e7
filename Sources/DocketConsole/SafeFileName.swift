/// The name under which a file of somebody else's is kept on this machine.
enum SafeFileName {
    /// What a name becomes of which nothing is left.
    private static let nameless = "attachment"

    /// The last part of a name, without what a shell, a terminal or a file system would take for
    /// more than a letter, and never that of a hidden file.
    ///
    /// The server refuses such names; a client must not depend on that.
    static func name(from name: String) -> String {
        let last = name.split { $0 == "/" || $0 == "\\" }.last ?? ""
        let kept = last.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
                false
            default: true
            }
        }
        let visible = String(String.UnicodeScalarView(kept)).drop { $0 == "." || $0 == "-" }
        return visible.isEmpty ? nameless : String(visible)
    }
}
