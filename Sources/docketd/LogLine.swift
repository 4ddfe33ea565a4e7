internal import DocketCommandLine
internal import Foundation

/// One line of the log: a JSON object.
enum LogLine {
    /// The longest value, in characters.
    static let maximumValue = 1_024

    /// Makes a line of fields, ended by a line feed; `nil` where they cannot be encoded.
    ///
    /// Values are cut at `maximumValue`. The encoding escapes what lies below U+0020; what else
    /// could move a terminal's cursor or turn its text around is replaced, so that nothing a peer
    /// sends can begin a line or act on the terminal of whoever reads the log.
    static func encode(_ fields: [String: String]) -> Data? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var line = try? encoder.encode(fields.mapValues(harmless)) else { return nil }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// The line that tells of lines which could not be written.
    static func dropped(_ count: UInt64) -> Data? {
        encode([
            "time": time,
            "level": "warning",
            "logger": "docketd",
            "message": "lines of the log were dropped",
            "dropped": "\(count)",
        ])
    }

    /// The present moment, as lines carry it: date, time and zone (RFC 3339), in UTC.
    static var time: String { LocalCalendar.rfc3339(milliseconds: SystemClock.milliseconds) }

    private static func harmless(_ value: String) -> String {
        let scalars = value.prefix(maximumValue).unicodeScalars.map { scalar in
            isHarmful(scalar) ? "\u{FFFD}" : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// Whether a terminal may act on a scalar: DEL and C1, separators of lines, and the controls of
    /// text direction (Unicode Standard Annex 9).
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
