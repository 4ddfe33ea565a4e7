internal import CMail
internal import DocketClient

/// The date of a mail.
enum MailDate {
    /// Reads the raw value of a Date field; nil for what is not a date, or lies before 1970.
    static func moment(in raw: String) -> Timestamp? {
        var seconds: Int64 = 0
        guard unsafe docket_mail_date(raw, &seconds) != 0, let whole = UInt64(exactly: seconds)
        else { return nil }
        let (milliseconds, isTooLate) = whole.multipliedReportingOverflow(by: 1_000)
        return isTooLate ? nil : Timestamp(millisecondsSinceEpoch: milliseconds)
    }
}
