public import DocketClient
public import DocketCommandLine

extension LocalCalendar {
    /// The day in which a moment lies.
    public func day(of moment: Timestamp) -> Day { day(of: moment.millisecondsSinceEpoch) }

    /// The time of day, such as `14:03`.
    public func time(of moment: Timestamp) -> String { time(of: moment.millisecondsSinceEpoch) }

    /// The day and the time of day, such as `2025-03-04 14:03`.
    public func stamp(of moment: Timestamp) -> String { stamp(of: moment.millisecondsSinceEpoch) }

    /// A moment in UTC as RFC 3339 writes it, with milliseconds.
    public static func rfc3339(_ moment: Timestamp) -> String {
        rfc3339(milliseconds: moment.millisecondsSinceEpoch)
    }
}
