internal import Synchronization

extension OutboxRunner {
    /// Queues a command; when this returns, the command is durable.
    ///
    /// The same command again is the one that is queued already.
    func queue(_ draft: CommandDraft) async throws(EnqueueError) -> PendingMessage {
        let moment = engine.clock.moment()
        if let trouble = engine.trouble, trouble.code == .otherPrincipal {
            throw .otherPrincipal(trouble.message)
        }
        let (keeping, verdict) = try change { shared throws(EnqueueError) in
            guard shared.trouble?.code != .closed else { throw .closed }
            if case .new(let command) = try shared.machine.add(draft, at: moment) {
                shared.keeping[draft.id] = Task { await keep(command, draft) }
            }
            return (shared.keeping[draft.id], shared.verdict(of: draft.id))
        }
        if let error = await keeping?.value { throw error }
        return PendingMessage(id: draft.id, runner: self, verdict: verdict)
    }

    /// Keeps a new command; gives why that failed.
    private func keep(_ command: QueuedCommand, _ draft: CommandDraft) async -> EnqueueError? {
        failpoint(.beforeKept)
        let failure: EnqueueError?
        do throws(LocalStoreError) {
            try await store.commit([.queue(command, call: draft.call)])
            failure = nil
        } catch {
            failure = EnqueueError(error)
        }
        failpoint(.kept)
        change { shared in
            shared.keeping[draft.id] = nil
            if failure == nil {
                shared.machine.kept(draft.id)
            } else {
                shared.machine.dropped(draft.id)
                shared.pending[draft.id] = nil
            }
        }
        bell.ring()
        return failure
    }

    /// The commands of a lane, or of all, in order, and which of them are being sent.
    func queued(in lane: Lane?) -> ([QueuedCommand], underWay: Set<MessageID>) {
        shared.withLock { shared in
            let waiting = lane.map(shared.machine.commands) ?? shared.machine.commands
            let settling = shared.settling.values.filter { lane == nil || $0.lane == lane }
            let underWay = waiting.map(\.id).filter(shared.machine.isUnderWay)
            var commands = (waiting + settling).sorted { $0.position < $1.position }
            for index in commands.indices {
                // What the store has marked ahead was not sent by this client.
                commands[index].mayBeSent =
                    shared.machine.isUncertain(commands[index].id)
                    || shared.settling[commands[index].id] != nil
            }
            return (commands, Set(underWay + settling.map(\.id)))
        }
    }

    /// Whether a command is queued, or not yet forgotten by the store.
    func isQueued(_ id: MessageID) -> Bool {
        shared.withLock { $0.machine.command(id) != nil || $0.settling[id] != nil }
    }

    /// Whether nothing leaves before a person decides or something is queued.
    var isAtRest: Bool { shared.withLock { $0.machine.isAtRest && $0.settling.isEmpty } }

    /// The largest offset at which a message of this client has been stored.
    var lastOffset: UInt64 { shared.withLock { $0.lastOffset } }

    /// Why nothing leaves any more.
    var trouble: DocketClientError? { shared.withLock { $0.trouble } }

    /// A command that waits or is stopped; nil when there is none.
    func pending(_ id: MessageID) -> PendingMessage? {
        shared.withLock { shared in
            guard shared.machine.command(id) != nil else { return nil }
            return PendingMessage(id: id, runner: self, verdict: shared.verdict(of: id))
        }
    }

    /// Takes a command back if it has certainly taken no effect.
    func cancel(_ id: MessageID) async -> OutboxMachine.Cancellation {
        await takeBack(id) { $0.cancel(id) }
    }

    /// Forgets a command, whatever has become of it.
    func discard(_ id: MessageID) async -> OutboxMachine.Cancellation {
        await takeBack(id) { $0.discard(id) }
    }

    private func takeBack(
        _ id: MessageID,
        _ body: (inout OutboxMachine) -> OutboxMachine.Cancellation
    ) async -> OutboxMachine.Cancellation {
        let (command, cancellation) = change { shared in
            (shared.machine.command(id), body(&shared.machine))
        }
        guard let command, shared.withLock({ $0.machine.command(id) }) == nil else {
            return cancellation
        }
        bell.ring()
        await keep([.remove(command.position)])
        settle(id, .discarded)
        sweep()
        return cancellation
    }

    /// Lets a stopped command try again; nil unless there is one.
    func retry(_ id: MessageID) async throws(EnqueueError) -> PendingMessage? {
        guard let old = shared.withLock({ $0.machine.command(id) }) else { return nil }
        let draft = try renewal(of: old)
        let moment = engine.clock.moment()
        let renewed = try change { shared throws(EnqueueError) in
            try shared.machine.renew(id, as: draft, at: moment)
        }
        guard let renewed else { return nil }
        do throws(LocalStoreError) {
            try await store.commit([.renew(renewed, call: draft?.call)])
        } catch {
            change { $0.machine.notRenewed(renewed.id, from: old) }
            throw EnqueueError(error)
        }
        if renewed.id != id, case .refused(let refusal) = old.stop {
            settle(id, .refused(refusal))
        }
        defer { bell.ring() }
        return change { shared in
            shared.machine.kept(renewed.id)
            return PendingMessage(
                id: renewed.id,
                runner: self,
                verdict: shared.verdict(of: renewed.id)
            )
        }
    }

    /// What takes the place of a refused command: the same under a new id, since the server repeats
    /// its verdict on the old one.
    ///
    /// One that expired keeps its id: it may have taken effect, and only the same id finds out.
    private func renewal(of command: QueuedCommand) throws(EnqueueError) -> CommandDraft? {
        guard case .refused = command.stop else { return nil }
        do throws(LocalStoreError) {
            let moment = engine.clock.moment()
            let id = engine.withRandom { MessageID(at: moment, random: &$0) }
            let call = try store.call(of: command.position)
            return try command.kind.renewed(call, as: id, in: command.lane)
        } catch {
            throw EnqueueError(error)
        }
    }
}

extension OutboxRunner.Shared {
    /// What becomes of a command that somebody holds on to.
    fileprivate mutating func verdict(of id: MessageID) -> PendingVerdict {
        let verdict = pending[id] ?? PendingVerdict()
        pending[id] = verdict
        return verdict
    }
}
