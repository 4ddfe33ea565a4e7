internal import DocketClient
internal import DocketTerminal

/// How a file of a message is shown: its number, which `/save` takes, its name and what it is.
enum FileLine {
    /// The line of a file.
    static func text(of file: Message.Attachment, number: Int) -> TerminalText {
        "[\(number)] \(file.name) (\(size(of: file)), \(file.mediaType))"
    }

    /// A size in the unit in which it has few digits.
    private static func size(of file: Message.Attachment) -> String {
        let bytes = file.size
        switch bytes {
        case 1: return "1 byte"
        case ..<1_024: return "\(bytes) bytes"
        case ..<(1 << 20): return "\(tenths(bytes, of: 1_024)) KiB"
        default: return "\(tenths(bytes, of: 1 << 20)) MiB"
        }
    }

    /// How often a unit goes into so many bytes, with one digit behind the point.
    private static func tenths(_ bytes: UInt64, of unit: UInt64) -> String {
        let fraction = (bytes % unit) * 10 / unit
        return "\(bytes / unit).\(fraction)"
    }
}
