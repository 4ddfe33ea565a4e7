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
            for observer in shared.observers.inOrder { observer.yield(summary) }
            observers.ring(.outbox)
            return value
        }
    }

    /// Gives a command's last word.
    func settle(_ id: CommandID, _ outcome: CommandOutcome<Acceptance>) {
        let waiters = shared.withLock { shared in
            shared.pending.removeValue(forKey: id)?.settle(outcome)
            shared.posts.remove(id)
            return shared.waiters.removeValue(forKey: id) ?? [:]
        }
        for waiter in waiters.inOrder { waiter.resume(returning: outcome) }
    }

    /// Tells those who wait for what does not move any more.
    func sweep() {
        let told = shared.withLock { shared -> [Int: (Waiter, CommandOutcome<Acceptance>)] in
            var told: [Int: (Waiter, CommandOutcome<Acceptance>)] = [:]
            for (id, waiters) in shared.waiters {
                guard let outcome = Self.standing(of: id, in: shared) else { continue }
                shared.waiters[id] = nil
                for (number, waiter) in waiters { told[number] = (waiter, outcome) }
            }
            return told
        }
        for (waiter, outcome) in told.inOrder { waiter.resume(returning: outcome) }
    }

    func stopLeaving(because error: DocketClientError) {
        shared.withLock { shared in
            if shared.trouble?.code != .closed { shared.trouble = error }
        }
        observers.ring(.outbox)
        sweep()
    }

    /// What can be said of a command at once; nil while it is on its way.
    fileprivate static func standing(
        of id: CommandID,
        in shared: Shared
    ) -> CommandOutcome<Acceptance>? {
        guard let command = shared.machine.command(id) else { return nil }
        switch command.stop {
        case .refused(let refusal): return .refused(refusal)
        case .gaveUp(let refusal): return .failed(refusal)
        case .expired: return .expired
        case nil: break
        }
        if let obstacle = shared.machine.obstacle(to: id) { return .waiting(behind: obstacle.id) }
        return shared.trouble.map { .queued(because: $0) }
    }

    /// Waits for a command's verdict, until it stands still, or for so long.
    func outcome(
        of id: CommandID,
        _ verdict: PendingVerdict,
        within limit: Duration?
    ) async -> CommandOutcome<Acceptance> {
        let number = shared.withLock { $0.nextNumber() }
        let deadline = limit.map { engine.clock.now() + $0 }
        let timer = deadline.map { deadline in
            Task { [engine] in
                guard await engine.clock.sleep(until: deadline) else { return }
                give(id, number, .queued(because: engine.trouble))
            }
        }
        defer { timer?.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { wait(id, verdict, until: deadline, number, $0) }
        } onCancel: {
            let error = DocketClientError(.cancelled, "the caller gave up")
            give(id, number, .queued(because: error))
        }
    }

    private func wait(
        _ id: CommandID,
        _ verdict: PendingVerdict,
        until deadline: ContinuousClock.Instant?,
        _ number: Int,
        _ waiter: Waiter
    ) {
        let trouble = engine.trouble
        let outcome = shared.withLock { shared -> CommandOutcome<Acceptance>? in
            if let settled = verdict.outcome { return settled }
            if Task.isCancelled {
                return .queued(because: DocketClientError(.cancelled, "the caller gave up"))
            }
            var outcome = Self.standing(of: id, in: shared)
            // A timer that has rung already found nobody here.
            if outcome == nil, let deadline, engine.clock.now() >= deadline {
                outcome = .queued(because: trouble)
            }
            if outcome == nil { shared.waiters[id, default: [:]][number] = waiter }
            return outcome
        }
        if let outcome { waiter.resume(returning: outcome) }
    }

    private func give(_ id: CommandID, _ number: Int, _ outcome: CommandOutcome<Acceptance>) {
        let waiter = shared.withLock { shared in
            defer { if shared.waiters[id]?.isEmpty == true { shared.waiters[id] = nil } }
            return shared.waiters[id]?.removeValue(forKey: number)
        }
        waiter?.resume(returning: outcome)
    }

    /// How much waits.
    func diagnostics(at moment: Timestamp) -> ClientDiagnostics.Outbox {
        shared.withLock { shared in
            ClientDiagnostics.Outbox(shared.machine, because: shared.trouble, at: moment)
        }
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
    /// Queues a command and waits for its verdict; takes it back when there is none in time.
    ///
    /// A command that was queued before is waited for and left where it is.
    func post(
        _ draft: CommandDraft,
        files: [AttachmentDraft] = [],
        within limit: Duration
    ) async throws(DocketClientError) -> PostOutcome {
        let pending: (command: PendingAcceptance, isNew: Bool)
        do throws(EnqueueError) {
            pending = try await queue(draft, files: files, isPost: true)
        } catch {
            throw DocketClientError(error)
        }
        let outcome = await pending.command.outcome(within: limit)
        if let verdict = PostOutcome(outcome) { return verdict }
        var isCertain = false
        if pending.isNew {
            // What cannot be taken back may still be sent: its outcome is unknown.
            let taken = try? await takeBack(draft.id)
            isCertain = taken == .neverSent
            if taken == .unknown, !Task.isCancelled {
                // The verdict has come meanwhile, and is being kept.
                let late = await pending.command.outcome(within: limit)
                if let verdict = PostOutcome(late) { return verdict }
            }
        }
        throw DocketClientError(noVerdict: outcome, isCertain: isCertain)
    }
}

extension PostOutcome {
    /// The verdict in an outcome; nil where there is none.
    fileprivate init?(_ outcome: CommandOutcome<Acceptance>) {
        switch outcome {
        case .delivered(.message(let receipt)): self = .posted(receipt)
        case .delivered: return nil
        case .refused(let refusal): self = .refused(refusal)
        case .failed, .expired, .waiting, .discarded, .queued: return nil
        }
    }
}

extension DocketClientError {
    /// Why a post has no verdict.
    ///
    /// - Parameters:
    ///   - outcome: How far its message has come.
    ///   - isCertain: Whether it has certainly taken no effect, and never will.
    fileprivate init(noVerdict outcome: CommandOutcome<Acceptance>, isCertain: Bool) {
        switch outcome {
        case .waiting(let obstacle):
            self.init(.blocked, "\(obstacle) was refused and holds up this message")
        case .failed(let refusal):
            self.init(.outcomeUnknown, refusal.message, refusal: refusal)
        case .queued(let cause?)
        where [.cancelled, .closed, .needsLogin, .otherPrincipal].contains(cause.code):
            self = cause
        case .queued(let cause) where isCertain:
            let reason = cause.map { ": \($0.message)" } ?? ""
            self.init(.unreachable, "no connection in time\(reason)", refusal: cause?.refusal)
        case .queued(let cause):
            let reason = cause?.message ?? "no verdict in time"
            self.init(.outcomeUnknown, reason, refusal: cause?.refusal)
        case .delivered, .refused, .expired, .discarded:
            self.init(.outcomeUnknown, "the message was taken back meanwhile")
        }
    }
}
