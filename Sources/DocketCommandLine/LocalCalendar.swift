internal import Glibc

/// Days and hours as people at this machine read them.
public struct LocalCalendar: Sendable {
    /// A moment in the calendar.
    public struct Day: Hashable, Sendable {
        /// The year of our era.
        public let year: Int
        /// 1 to 12.
        public let month: Int
        /// 1 to 31.
        public let day: Int
        /// 0 for Sunday to 6.
        let weekday: Int
    }

    private enum Zone {
        case local
        case utc
    }

    private let zone: Zone

    /// The time zone of the machine or of `TZ`.
    public static let current = LocalCalendar(zone: .local)
    /// Coordinated universal time.
    public static let utc = LocalCalendar(zone: .utc)

    private static let weekdays = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]

    /// The day in which a moment lies, in milliseconds since 1970.
    public func day(of milliseconds: UInt64) -> Day { civil(milliseconds).day }

    /// The day in words, such as `Tuesday, 4 March 2025`.
    public func name(of day: Day) -> String {
        guard Self.weekdays.indices.contains(day.weekday),
            Self.months.indices.contains(day.month - 1)
        else { return "\(day.year)-\(day.month)-\(day.day)" }
        let month = Self.months[day.month - 1]
        return "\(Self.weekdays[day.weekday]), \(day.day) \(month) \(day.year)"
    }

    /// The time of day, such as `14:03`, of a moment in milliseconds since 1970.
    public func time(of milliseconds: UInt64) -> String {
        civil(milliseconds).time.prefix(2).map(Self.padded).joined(separator: ":")
    }

    /// The day and the time of day, such as `2025-03-04 14:03`, of a moment in milliseconds since
    /// 1970.
    public func stamp(of milliseconds: UInt64) -> String {
        let day = day(of: milliseconds)
        let date = [day.year, day.month, day.day].map(Self.padded).joined(separator: "-")
        return "\(date) \(time(of: milliseconds))"
    }

    /// Milliseconds since 1970 in UTC as RFC 3339 writes them.
    public static func rfc3339(milliseconds: UInt64) -> String {
        let civil = utc.civil(milliseconds)
        let fraction = String(1_000 + milliseconds % 1_000).dropFirst()
        let date = [civil.day.year, civil.day.month, civil.day.day].map(padded)
        let time = civil.time.map(padded)
        return "\(date.joined(separator: "-"))T\(time.joined(separator: ":")).\(fraction)Z"
    }

    private func civil(_ milliseconds: UInt64) -> (day: Day, time: [Int]) {
        // Not beyond the year 9999, where dates stop to have four digits.
        var seconds = time_t(min(milliseconds / 1_000, 253_402_300_799))
        var parts = unsafe tm()
        switch zone {
        case .local: unsafe localtime_r(&seconds, &parts)
        case .utc: unsafe gmtime_r(&seconds, &parts)
        }
        let day = unsafe Day(
            year: Int(parts.tm_year) + 1_900,
            month: Int(parts.tm_mon) + 1,
            day: Int(parts.tm_mday),
            weekday: Int(parts.tm_wday)
        )
        let time = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec]
        return (day, time.map(Int.init))
    }

    private static func padded(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
