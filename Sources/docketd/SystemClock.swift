internal import DocketCrypto
internal import DocketDesk
internal import DocketDomain
internal import Foundation

/// The machine's clock.
struct SystemClock: DeskClock {
    func now() -> Timestamp {
        Timestamp(milliseconds: Self.milliseconds)
    }

    func uptime() -> Duration {
        Self.start.duration(to: .now)
    }

    private static let start = ContinuousClock.now

    /// Milliseconds since 1970.
    static var milliseconds: UInt64 {
        UInt64(max(0, Date().timeIntervalSince1970 * 1_000))
    }

    /// The moment as certificates count.
    static var unixTime: UnixTime {
        UnixTime(secondsSinceEpoch: Int64(milliseconds / 1_000))
    }
}
