/// The name under which a file of somebody else's is kept on this machine.
public enum SafeFileName {
    /// What a name becomes of which nothing is left.
    private static let nameless = "attachment"

    /// The last part of a name, without what a shell, a terminal or a file system would take for
    /// more than a letter, and never that of a hidden file.
    ///
    /// The server refuses such names; a client must not depend on that.
    public static func name(from name: String) -> String {
        let last = name.split { $0 == "/" || $0 == "\\" }.last ?? ""
        let kept = last.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
                false
            default: true
            }
        }
        let visible = String(String.UnicodeScalarView(kept)).drop { $0 == "." || $0 == "-" }
        return visible.isEmpty ? nameless : shortened(String(visible))
    }

    /// The longest name of a file, in bytes (NAME_MAX of Linux).
    private static let longest = 255
    /// The longest ending that is kept of a name that is too long, in bytes with its dot.
    private static let longestEnding = 32

    /// The name, without characters before its ending where it is longer than a file's may be.
    private static func shortened(_ name: String) -> String {
        guard name.utf8.count > longest else { return name }
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        let ending = name[dot...].utf8.count <= longestEnding ? name[dot...] : ""
        var room = longest - ending.utf8.count
        let beginning = name.prefix { character in
            room -= character.utf8.count
            return room >= 0
        }
        return String(beginning + ending)
    }
}
