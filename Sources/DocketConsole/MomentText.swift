public import DocketClient
internal import Glibc

/// A moment as people write it on a command line: a date, or a span from now on.
///
/// A date is that of ISO 8601: `2026-12-01`, `2026-12-01T09:00`, with seconds if need be, in local
/// time or with a zone (`Z`, `+02:00`). A span is a whole number and a unit: `45s`, `90m`, `2h`,
/// `3d`, `1w`.
public enum MomentText: Hashable, Sendable {
    /// A moment.
    case at(Timestamp)
    /// So many seconds from now on.
    case after(seconds: UInt64)

    /// The longest span, ten years: longer ones are mistakes.
    public static let longestSpan: UInt64 = 3_650 * 86_400

    private static let units: [Character: UInt64] = [
        "s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800,
    ]

    /// Takes a moment from its text; nil if it is not one.
    public init?(_ text: String) {
        if let seconds = Self.seconds(of: text) {
            self = .after(seconds: seconds)
        } else if let moment = Self.moment(of: text) {
            self = .at(moment)
        } else {
            return nil
        }
    }

    /// The moment that is meant when it is now.
    public func timestamp(at now: Timestamp) -> Timestamp {
        switch self {
        case .at(let moment): moment
        case .after(let seconds):
            Timestamp(
                millisecondsSinceEpoch: now.millisecondsSinceEpoch &+ seconds * 1_000
            )
        }
    }

    /// The moment that is meant when it is now and a span reaches back.
    public func timestamp(before now: Timestamp) -> Timestamp {
        switch self {
        case .at(let moment): moment
        case .after(let seconds):
            Timestamp(
                millisecondsSinceEpoch: now.millisecondsSinceEpoch
                    - min(now.millisecondsSinceEpoch, seconds * 1_000)
            )
        }
    }

    private static func seconds(of text: String) -> UInt64? {
        guard let unit = text.last.flatMap({ units[$0] }), let count = UInt64(text.dropLast())
        else { return nil }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        return !overflow && (1...longestSpan).contains(seconds) ? seconds : nil
    }

    private static func moment(of text: String) -> Timestamp? {
        let (date, time) = (text.prefix(10), text.dropFirst(10))
        guard let match = date.wholeMatch(of: /([0-9]{4})-([0-9]{2})-([0-9]{2})/) else {
            return nil
        }
        let day = [match.1, match.2, match.3].compactMap { Int32($0) }
        guard !time.isEmpty else { return timestamp(day + [0, 0, 0], zone: nil) }
        let form = /[T ]([0-9]{2}):([0-9]{2})(:[0-9]{2})?(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?/
        guard let match = time.wholeMatch(of: form) else { return nil }
        let second = match.3?.dropFirst() ?? "0"
        let clock = [match.1, match.2, second].compactMap { Int32($0) }
        return timestamp(day + clock, zone: match.5.map(String.init))
    }

    /// The moment of a year, month, day, hour, minute and second; nil where the calendar has none.
    private static func timestamp(_ parts: [Int32], zone: String?) -> Timestamp? {
        guard (1...12).contains(parts[1]), parts[3] < 24, parts[4] < 60, parts[5] < 60 else {
            return nil
        }
        var time = unsafe tm()
        unsafe time.tm_year = parts[0] - 1_900
        unsafe time.tm_mon = parts[1] - 1
        unsafe time.tm_mday = parts[2]
        unsafe time.tm_hour = parts[3]
        unsafe time.tm_min = parts[4]
        unsafe time.tm_sec = parts[5]
        unsafe time.tm_isdst = -1
        let seconds = unsafe zone == nil ? mktime(&time) : timegm(&time)
        // A day that the month does not have has become one of the next month.
        guard unsafe time.tm_mday == parts[2], let offset = offset(of: zone) else { return nil }
        let (utc, overflow) = Int64(seconds).subtractingReportingOverflow(offset)
        guard !overflow, let milliseconds = UInt64(exactly: utc) else { return nil }
        return Timestamp(millisecondsSinceEpoch: milliseconds * 1_000)
    }

    /// The seconds by which a zone is ahead of UTC; 0 for local time, which is resolved already.
    private static func offset(of zone: String?) -> Int64? {
        guard let zone, zone != "Z" else { return 0 }
        let parts = zone.dropFirst().split(separator: ":").compactMap { Int64($0) }
        guard parts.count == 2, parts[0] < 24, parts[1] < 60 else { return nil }
        let seconds = parts[0] * 3_600 + parts[1] * 60
        return zone.hasPrefix("-") ? -seconds : seconds
    }
}
