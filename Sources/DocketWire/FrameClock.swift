/// Where the bytes that have come so far end.
package enum FrameProgress: Equatable, Sendable {
    /// On the border of two frames.
    case border
    /// Within a frame that began after another one had ended.
    case begun
    /// Within the frame in which they ended before.
    case continued
}

/// How long the frame that comes has taken so far.
///
/// The time runs for each frame anew, whatever the writes are in which a peer sends them.
struct FrameClock {
    private var began: ContinuousClock.Instant?

    /// Bytes came that end so.
    mutating func received(_ progress: FrameProgress, at now: ContinuousClock.Instant) {
        switch progress {
        case .border: began = nil
        case .begun: began = now
        case .continued: began = began ?? now
        }
    }

    /// Whether a frame has begun longer ago than `time` and has not ended.
    func isLate(after time: Duration, at now: ContinuousClock.Instant) -> Bool {
        began.map { now - $0 > time } ?? false
    }
}
