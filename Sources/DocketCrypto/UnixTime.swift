/// A moment of the calendar, in whole seconds since 1970-01-01 00:00:00 UTC.
///
/// Certificates and tickets are dated in seconds, so nothing finer is kept.
package struct UnixTime: Hashable, Comparable, Sendable {
    /// Seconds since the epoch; negative before it.
    package var seconds: Int64

    /// Makes a moment from its distance to the epoch.
    package init(secondsSinceEpoch seconds: Int64) {
        self.seconds = seconds
    }

    /// Orders moments from earlier to later.
    package static func < (left: UnixTime, right: UnixTime) -> Bool {
        left.seconds < right.seconds
    }

    /// The moment a span later, in whole seconds; it stops at the ends of the range.
    package static func + (moment: UnixTime, span: Duration) -> UnixTime {
        let (sum, overflow) = moment.seconds.addingReportingOverflow(span.components.seconds)
        guard overflow else { return UnixTime(secondsSinceEpoch: sum) }
        return UnixTime(secondsSinceEpoch: span < .zero ? .min : .max)
    }
}
