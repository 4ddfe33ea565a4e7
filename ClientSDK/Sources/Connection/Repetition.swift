/// Decides whether and when a call is repeated.
struct Repetition: Equatable, Sendable {
    /// What to do about a failed attempt.
    enum Action: Equatable, Sendable {
        /// Repeat at this moment, on the same connection.
        case repeatCall(at: ContinuousClock.Instant)
        /// Repeat as soon as there is another connection.
        case reconnect
        /// The failure stands.
        case giveUp
        /// No time is left for another attempt.
        case timeIsOver
    }

    /// When the caller stops waiting; nil for never.
    let deadline: ContinuousClock.Instant?
    private var backoff = Backoff()

    init(deadline: ContinuousClock.Instant?) {
        self.deadline = deadline
    }

    /// Something went well: the next failure is the first again.
    mutating func succeeded() {
        backoff.reset()
    }

    /// An attempt has failed.
    mutating func failed(
        _ disposition: Disposition,
        at now: ContinuousClock.Instant,
        using random: inout some RandomNumberGenerator
    ) -> Action {
        switch disposition {
        case .repeats(let requested):
            let next = now + backoff.wait(after: requested, using: &random)
            guard deadline.map({ next < $0 }) ?? true else { return .timeIsOver }
            return .repeatCall(at: next)
        case .reconnects, .signsIn: return .reconnect
        case .needsLogin, .resyncs, .final: return .giveUp
        }
    }
}
