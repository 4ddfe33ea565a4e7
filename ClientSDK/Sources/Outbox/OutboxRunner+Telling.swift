internal import Synchronization

extension OutboxRunner {
    /// Changes the state, then tells the observers.
    @discardableResult
    func change<Value, Failure>(
        _ body: (inout Shared) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try shared.withLock { shared throws(Failure) in
            let value = try body(&shared)
            let summary = OutboxSummary(shared.machine)
            for observer in shared.observers.values { observer.yield(summary) }
            observers.ring()
            return value
        }
    }

    /// Gives a command's last word.
    func settle(_ id: MessageID, _ outcome: SendOutcome) {
        let waiters = shared.withLock { shared in
            shared.pending.removeValue(forKey: id)?.settle(outcome)
            return shared.waiters.removeValue(forKey: id) ?? [:]
        }
        for waiter in waiters.values { waiter.resume(returning: outcome) }
    }

    /// Tells those who wait for what does not move any more.
    func sweep() {
        let told = shared.withLock { shared -> [(Waiter, SendOutcome)] in
            var told: [(Waiter, SendOutcome)] = []
            for (id, waiters) in shared.waiters {
                guard let outcome = Self.standing(of: id, in: shared) else { continue }
                shared.waiters[id] = nil
                told += waiters.values.map { ($0, outcome) }
            }
            return told
        }
        for (waiter, outcome) in told { waiter.resume(returning: outcome) }
    }

    func stopLeaving(because error: DocketClientError) {
        shared.withLock { shared in
            if shared.trouble?.code != .closed { shared.trouble = error }
        }
        observers.ring()
        sweep()
    }

    /// What can be said of a command at once; nil while it is on its way.
    fileprivate static func standing(of id: MessageID, in shared: Shared) -> SendOutcome? {
        guard let command = shared.machine.command(id) else { return nil }
        switch command.stop {
        case .refused(let refusal): return .refused(refusal)
        case .expired: return .expired
        case nil: break
        }
        if let obstacle = shared.machine.obstacle(to: id) { return .waiting(behind: obstacle.id) }
        return shared.trouble.map { .queued(because: $0) }
    }

    /// Waits for a command's verdict, until it stands still, or for so long.
    func outcome(
        of id: MessageID,
        _ verdict: PendingVerdict,
        within limit: Duration?
    ) async -> SendOutcome {
        let number = shared.withLock { $0.nextNumber() }
        let timer = limit.map { limit in
            Task { [engine] in
                guard await engine.clock.sleep(until: engine.clock.now() + limit) else { return }
                give(id, number, .queued(because: engine.trouble))
            }
        }
        defer { timer?.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in wait(id, verdict, number, waiter) }
        } onCancel: {
            let error = DocketClientError(.cancelled, "the caller gave up")
            give(id, number, .queued(because: error))
        }
    }

    private func wait(
        _ id: MessageID,
        _ verdict: PendingVerdict,
        _ number: Int,
        _ waiter: Waiter
    ) {
        let outcome = shared.withLock { shared -> SendOutcome? in
            if let settled = verdict.outcome { return settled }
            if Task.isCancelled {
                return .queued(because: DocketClientError(.cancelled, "the caller gave up"))
            }
            let outcome = Self.standing(of: id, in: shared)
            if outcome == nil { shared.waiters[id, default: [:]][number] = waiter }
            return outcome
        }
        if let outcome { waiter.resume(returning: outcome) }
    }

    private func give(_ id: MessageID, _ number: Int, _ outcome: SendOutcome) {
        let waiter = shared.withLock { shared in
            defer { if shared.waiters[id]?.isEmpty == true { shared.waiters[id] = nil } }
            return shared.waiters[id]?.removeValue(forKey: number)
        }
        waiter?.resume(returning: outcome)
    }

    /// How much waits, now and whenever it changes.
    var summaries: AsyncStream<OutboxSummary> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: OutboxSummary.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let number = shared.withLock { $0.nextNumber() }
        continuation.onTermination = { [weak self] _ in
            self?.shared.withLock { _ = $0.observers.removeValue(forKey: number) }
        }
        let isClosed = shared.withLock { shared in
            continuation.yield(OutboxSummary(shared.machine))
            guard shared.trouble?.code != .closed else { return true }
            shared.observers[number] = continuation
            return false
        }
        if isClosed { continuation.finish() }
        return stream
    }
}

extension OutboxRunner {
    /// What a post tells of an outcome; takes back what has no verdict.
    func conclude(
        _ pending: PendingMessage,
        _ outcome: SendOutcome
    ) async throws(DocketClientError) -> PostOutcome {
        switch outcome {
        case .delivered(let receipt): return .posted(receipt)
        case .refused(let refusal):
            _ = await discard(pending.id)
            return .refused(refusal)
        case .discarded:
            throw DocketClientError(.outcomeUnknown, "the message was discarded meanwhile")
        case .expired:
            _ = await discard(pending.id)
            throw DocketClientError(.outcomeUnknown, "the message had waited too long")
        case .waiting(let obstacle):
            _ = await discard(pending.id)
            throw DocketClientError(.blocked, "\(obstacle) was refused and holds up this message")
        case .queued(let cause): return try await giveUp(pending, because: cause)
        }
    }

    /// Takes back a message whose time is over.
    private func giveUp(
        _ pending: PendingMessage,
        because cause: DocketClientError?
    ) async throws(DocketClientError) -> PostOutcome {
        let cancellation = await discard(pending.id)
        if cancellation == .unknown, !Task.isCancelled {
            // The verdict has come meanwhile, and is being kept.
            return try await conclude(pending, await pending.outcome())
        }
        let reason = cause?.message ?? "no verdict in time"
        switch cause?.code {
        case .cancelled, .closed, .needsLogin, .otherPrincipal:
            throw cause ?? DocketClientError(.closed, reason)
        default:
            let isCertain = cancellation == .neverSent
            throw DocketClientError(
                isCertain ? .unreachable : .outcomeUnknown,
                isCertain ? "no connection in time: \(reason)" : reason,
                refusal: cause?.refusal
            )
        }
    }
}
