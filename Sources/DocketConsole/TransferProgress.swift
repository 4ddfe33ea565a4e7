public import DocketClient

/// How far a transfer of files has come, and how fast it goes.
public struct TransferProgress: Hashable, Sendable {
    private let size: UInt64
    private let sent: UInt64
    private let moment: ContinuousClock.Instant
    /// Bytes a second, over the last time in which anything moved.
    private let rate: UInt64

    /// Describes a transfer.
    ///
    /// - Parameters:
    ///   - sent: How many bytes are across.
    ///   - size: How many there are.
    ///   - earlier: How it stood before; nil at its beginning.
    ///   - now: The moment.
    public init(
        _ sent: UInt64,
        of size: UInt64,
        after earlier: TransferProgress?,
        at now: ContinuousClock.Instant
    ) {
        (self.size, self.sent) = (size, min(sent, size))
        guard let earlier, sent > earlier.sent else {
            (rate, moment) = (earlier?.rate ?? 0, earlier?.moment ?? now)
            return
        }
        moment = now
        let span = (now - earlier.moment).components
        let milliseconds = span.seconds * 1_000 + span.attoseconds / 1_000_000_000_000_000
        let (scaled, isTooLarge) = (sent - earlier.sent).multipliedReportingOverflow(by: 1_000)
        rate = isTooLarge ? .max : scaled / max(1, UInt64(clamping: milliseconds))
    }

    /// Describes the files of a message; nil where it has none that is on its way.
    init?(
        of files: [QueuedAttachment],
        after earlier: TransferProgress?,
        at now: ContinuousClock.Instant
    ) {
        guard files.contains(where: { !$0.isUploaded }) else { return nil }
        let sent = files.reduce(UInt64(0)) { $0.addingReportingOverflow($1.sent).partialValue }
        let size = files.reduce(UInt64(0)) { $0.addingReportingOverflow($1.size).partialValue }
        self.init(sent, of: size, after: earlier, at: now)
    }

    /// The size of a file, as people say it.
    public static func size(of file: Message.Attachment) -> String { ByteCount(file.size).words }

    /// The part that is across, of how much, and how fast it goes where that is known.
    public var words: String {
        let (share, isTooLarge) = sent.multipliedReportingOverflow(by: 100)
        let percent = isTooLarge ? sent / max(1, size / 100) : share / max(1, size)
        let speed = rate > 0 ? ", \(ByteCount(rate).words)/s" : ""
        return "\(percent)% of \(ByteCount(size).words)\(speed)"
    }
}
