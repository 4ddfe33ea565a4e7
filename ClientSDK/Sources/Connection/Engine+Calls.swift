internal import DocketRPC

extension Engine {
    /// How long one attempt may take before it is repeated.
    static let attemptTime = Duration.seconds(30)

    /// Makes a call, over as many connections as it takes, until it is answered or `limit` is over.
    ///
    /// `attempt` makes the same call each time: a command with the same id and the same bytes.
    func perform<Reply: Sendable>(
        within limit: Duration,
        _ attempt: (any CallChannel, CallOptions) async throws(RPCError) -> Reply
    ) async throws(DocketClientError) -> Reply {
        try await performTellingLink(within: limit, attempt).reply
    }

    /// Makes a call as `perform(within:_:)` does; gives the number of the connection on which it
    /// was answered too.
    func performTellingLink<Reply: Sendable>(
        within limit: Duration,
        _ attempt: (any CallChannel, CallOptions) async throws(RPCError) -> Reply
    ) async throws(DocketClientError) -> (reply: Reply, link: Int) {
        let deadline = clock.now() + limit
        var repetition = Repetition(deadline: deadline)
        var mayHaveTakenEffect = false
        while true {
            let link = try await self.link(by: deadline, mayHaveTakenEffect: mayHaveTakenEffect)
            let options = CallOptions(timeout: min(deadline - clock.now(), Self.attemptTime))
            do throws(RPCError) {
                return (try await attempt(link.connection, options), link.number)
            } catch {
                if !error.isNotProcessed { mayHaveTakenEffect = true }
                try await recover(
                    from: error,
                    on: link,
                    with: &repetition,
                    mayHaveTakenEffect: mayHaveTakenEffect
                )
            }
        }
    }

    private func link(
        by deadline: ContinuousClock.Instant,
        mayHaveTakenEffect: Bool
    ) async throws(DocketClientError) -> Link {
        do throws(DocketClientError) {
            return try await link(by: deadline)
        } catch {
            guard error.code == .unreachable, mayHaveTakenEffect else { throw error }
            throw DocketClientError(.outcomeUnknown, error.message, refusal: error.refusal)
        }
    }

    /// Returns when the call is to be made again, or throws why it is not.
    func recover(
        from error: RPCError,
        on link: Link,
        with repetition: inout Repetition,
        mayHaveTakenEffect: Bool
    ) async throws(DocketClientError) {
        if Task.isCancelled { throw DocketClientError(.cancelled, "the caller gave up") }
        // Nobody here cancelled the call: the connection was closed under it.
        let disposition: Disposition =
            error.reason == .cancelled ? .reconnects(after: nil) : Disposition(error)
        let now = clock.now()
        let action = withRandom { repetition.failed(disposition, at: now, using: &$0) }
        switch action {
        case .repeatCall(let moment):
            guard await clock.sleep(until: moment) else {
                throw DocketClientError(.cancelled, "the caller gave up")
            }
        case .reconnect: report(error, on: link)
        case .giveUp: throw DocketClientError(error)
        case .timeIsOver:
            throw DocketClientError(
                mayHaveTakenEffect ? .outcomeUnknown : .unreachable,
                "\(error)",
                refusal: Refusal(error)
            )
        }
    }
}
