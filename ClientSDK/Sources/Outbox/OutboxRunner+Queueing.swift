internal import SwiftProtobuf
internal import Synchronization

extension OutboxRunner {
    /// Queues a command with a call that is yet to be encoded; when this returns, it is durable.
    ///
    /// - Parameters:
    ///   - id: The id of what it creates.
    ///   - lane: In which order it leaves.
    ///   - kind: What it does.
    ///   - call: Its call.
    /// - Returns: The command.
    /// - Throws: Why it is not kept.
    func queue(
        _ id: Identifier<some Any>,
        in lane: Lane,
        _ kind: CommandKind,
        _ call: some SwiftProtobuf.Message
    ) async throws(EnqueueError) -> PendingAcceptance {
        let draft: CommandDraft
        do throws(LocalStoreError) {
            draft = try CommandDraft(id, in: lane, kind, call)
        } catch {
            throw EnqueueError(error)
        }
        return try await queue(draft).command
    }

    /// Queues a command; when this returns, the command is durable.
    ///
    /// The same command again is the one that is queued already.
    ///
    /// - Parameters:
    ///   - draft: The command.
    ///   - files: The files that it names, in order.
    ///   - isPost: Whether a refusal is told to whoever queues it, and stops nothing.
    /// - Returns: The command, and whether it is new.
    /// - Throws: Why it is not kept.
    func queue(
        _ draft: CommandDraft,
        files: [AttachmentDraft] = [],
        isPost: Bool = false
    ) async throws(EnqueueError) -> (command: PendingAcceptance, isNew: Bool) {
        let spooled = try await uploads.keep(files)
        if !spooled.isEmpty { failpoint(.spooled) }
        do throws(EnqueueError) {
            let queued = try await queue(draft, spooled, isPost: isPost)
            if !queued.isNew { uploads.drop(spooled) }
            return queued
        } catch {
            uploads.drop(spooled)
            throw error
        }
    }

    /// Queues a command whose files are in the spool, together with other changes.
    func queue(
        _ draft: CommandDraft,
        _ files: [SpooledFile],
        isPost: Bool = false,
        with others: [LocalChange] = []
    ) async throws(EnqueueError) -> (command: PendingAcceptance, isNew: Bool) {
        let moment = engine.clock.moment()
        if let trouble = engine.trouble, trouble.code == .otherPrincipal {
            throw .otherPrincipal(trouble.message)
        }
        let (keeping, verdict, isNew) = try change { shared throws(EnqueueError) in
            guard shared.trouble?.code != .closed else { throw .closed }
            if let (command, acceptance) = shared.settling[draft.id] {
                guard command.digest == draft.digest, command.kind == draft.kind else {
                    throw .keyReused
                }
                return (
                    nil as Task<EnqueueError?, Never>?, PendingVerdict(.delivered(acceptance)),
                    false
                )
            }
            guard case .new(let command) = try shared.machine.add(draft, at: moment) else {
                try requireSame(files, of: draft.id, in: shared)
                return (shared.keeping[draft.id], shared.verdict(of: draft.id), false)
            }
            if isPost { shared.posts.insert(draft.id) }
            if !files.isEmpty { shared.machine.hold(command.position) }
            let keeping = Task { await keep(command, draft, files, with: others) }
            shared.keeping[draft.id] = keeping
            return (keeping, shared.verdict(of: draft.id), true)
        }
        if let error = await keeping?.value { throw error }
        return (PendingAcceptance(draft.id, in: self, verdict), isNew)
    }

    /// Throws unless a command that was queued before has files of the same contents.
    private func requireSame(
        _ files: [SpooledFile],
        of id: CommandID,
        in shared: borrowing Shared
    ) throws(EnqueueError) {
        guard let position = shared.machine.command(id)?.position else { return }
        let known = uploads.queued(at: position)
        guard known.isEmpty || known.map(\.digest) == files.map(\.digest) else {
            throw .keyReused
        }
    }

    /// Keeps a new command with its files; gives why that failed.
    private func keep(
        _ command: QueuedCommand,
        _ draft: CommandDraft,
        _ spooled: [SpooledFile],
        with others: [LocalChange]
    ) async -> EnqueueError? {
        failpoint(.beforeKept)
        let files = spooled.enumerated().compactMap { index, file in
            draft.lane.conversation.map { file.queued(index, of: command, in: $0) }
        }
        let failure: EnqueueError?
        do throws(LocalStoreError) {
            let changes = files.map(LocalChange.queueFile)
            try await store.commit([.queue(command, call: draft.call)] + changes + others)
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
                shared.posts.remove(draft.id)
            }
        }
        if failure == nil, !files.isEmpty { uploads.add(files, in: draft.lane) }
        bell.ring()
        if failure == nil { engine.occurred(.queued) }
        return failure
    }

    /// The commands of a lane, or of all, in order, and which of them are being sent.
    func queued(in lane: Lane?) -> ([QueuedCommand], underWay: Set<CommandID>) {
        shared.withLock { shared in
            let waiting = lane.map(shared.machine.commands) ?? shared.machine.commands
            let settling = shared.settling.values.map(\.command)
                .filter { lane == nil || $0.lane == lane }
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

    /// The commands of a kind that leave no more by themselves, in order, each with the reason and
    /// with how many wait behind it.
    func stopped(
        _ kind: CommandKind
    ) -> [(command: QueuedCommand, reason: String, behind: Int)] {
        shared.withLock { shared in
            shared.machine.commands.filter { $0.kind == kind }.compactMap { command in
                command.stop.map { stop in
                    let lane = shared.machine.commands(in: command.lane)
                    return (command, stop.words, lane.count { $0.position > command.position })
                }
            }
        }
    }

    /// How many commands a lane has, and the first and the last of them; nil for none.
    func waiting(in lane: Lane) -> (count: Int, first: CommandID, last: CommandID)? {
        shared.withLock { $0.machine.waiting(in: lane) }
    }

    /// Whether nothing leaves before a person decides or something is queued.
    var isAtRest: Bool { shared.withLock { $0.machine.isAtRest && $0.settling.isEmpty } }

    /// The largest offset at which a message of this client has been stored.
    var lastOffset: UInt64 { shared.withLock { $0.lastOffset } }

    /// Which life of the log the replica reads; nil before the first snapshot.
    var epoch: [UInt8]? { shared.withLock { $0.epoch } }

    /// The replica reads this life of the log from now on, of which the connection with this number
    /// is: offsets of another are not of it.
    func reads(_ epoch: [UInt8], since link: Int) {
        shared.withLock { shared in
            // What the full store could not take of them yet may be of another life too.
            for earlier in shared.taken
            where earlier.link < link && shared.unkept[earlier.position]?.isRemoval == true {
                shared.unkept[earlier.position] = [.remove(earlier.position)]
            }
            shared.taken.removeAll { $0.link < link }
            if shared.epoch != epoch {
                let effect = shared.lastEffect.flatMap { $0.link >= link ? $0.offset : nil }
                let offsets = shared.taken.map(\.entry.offset) + [effect ?? 0]
                shared.lastOffset = offsets.max() ?? 0
            }
            shared.epoch = epoch
        }
    }

    /// What took effect and was not told by the feed yet.
    var taken: [TakenMessage] { shared.withLock { $0.taken } }

    /// The feed has told everything up to an offset.
    func told(upTo offset: UInt64) {
        shared.withLock { shared in shared.taken.removeAll { $0.entry.offset <= offset } }
    }

    /// Why nothing leaves any more.
    var trouble: DocketClientError? { shared.withLock { $0.trouble } }

    /// A command of some kinds that waits or is stopped; nil when there is none.
    func pending(_ id: CommandID, of kinds: Set<CommandKind>) -> PendingAcceptance? {
        shared.withLock { shared in
            guard let command = shared.machine.command(id), kinds.contains(command.kind),
                shared.keeping[id] == nil
            else { return nil }
            return PendingAcceptance(id, in: self, shared.verdict(of: id))
        }
    }

    /// Takes a command back; when this returns, it is out of the local store.
    ///
    /// - Parameters:
    ///   - id: The command.
    ///   - onlyUnsent: Whether it stays if it may have taken effect.
    /// - Returns: What that has done.
    /// - Throws: Why the command is still there.
    func takeBack(
        _ id: CommandID,
        onlyUnsent: Bool = false
    ) async throws(EnqueueError) -> OutboxMachine.Cancellation {
        let (command, cancellation) = change { shared in
            let command = shared.machine.command(id)
            let cancellation = shared.machine.takeBack(id, onlyUnsent: onlyUnsent)
            if let command { shared.unkept[command.position] = nil }
            return (command, cancellation)
        }
        guard let command, cancellation != .unknown, cancellation != .maybeSent || !onlyUnsent
        else {
            return cancellation
        }
        do throws(LocalStoreError) {
            try await store.commit([.remove(command.position)])
        } catch {
            change { $0.machine.kept(id) }
            bell.ring()
            throw EnqueueError(error)
        }
        change { $0.machine.leftOut(command) }
        uploads.remove(command.position)
        bell.ring()
        settle(id, .discarded)
        sweep()
        return cancellation
    }

    /// Lets a stopped command of some kinds try again; nil unless there is one.
    func retry(
        _ id: CommandID,
        of kinds: Set<CommandKind>
    ) async throws(EnqueueError) -> PendingAcceptance? {
        guard let old = shared.withLock({ $0.machine.command(id) }), kinds.contains(old.kind) else {
            return nil
        }
        let files = uploads.queued(at: old.position)
        let ids = Self.isRefused(old) ? files.map { _ in engine.newID() as AttachmentID } : nil
        let draft = try renewal(of: old, files: ids ?? [])
        guard let (renewed, followers) = try await renew(old, as: draft) else { return nil }
        do throws(LocalStoreError) {
            let changes = zip(files, ids ?? []).map { LocalChange.renewFile($0.id, as: $1) }
            let isIngested = renewed.kind == .ingest && renewed.id != id
            let renewal = RelayChange.renewed(MessageID(id), as: MessageID(renewed.id))
            let other = isIngested ? [LocalChange.relay(renewal)] : []
            let following = followers.map { LocalChange.renew($0.new, call: $0.call) }
            try await store.commit(
                [.renew(renewed, call: draft?.call)] + following + changes + other
            )
        } catch {
            change { $0.machine.restore([old] + followers.map(\.old)) }
            sweep()
            throw EnqueueError(error)
        }
        if !files.isEmpty { uploads.renew(renewed.position, as: ids) }
        if renewed.id != id, case .refused(let refusal) = old.stop {
            settle(id, .refused(refusal))
        }
        defer {
            bell.ring()
            engine.occurred(.queued)
        }
        return change { shared in
            for id in [renewed.id] + followers.map(\.new.id) { shared.machine.kept(id) }
            return PendingAcceptance(renewed.id, in: self, shared.verdict(of: renewed.id))
        }
    }

    /// A command that names one that is renewed under another id.
    private struct Follower {
        let old: QueuedCommand
        let new: QueuedCommand
        let call: [UInt8]
    }

    /// How far a renewal has come.
    private enum Renewal {
        case renewed(QueuedCommand, [Follower])
        /// It is not there any more.
        case gone
        /// Another command is being queued behind it, and is to follow it too.
        case hasToWait(for: Task<EnqueueError?, Never>)
    }

    /// Renews a stopped command, and lets those behind it that name it name its new id; nil where
    /// it is not there any more.
    private func renew(
        _ old: QueuedCommand,
        as draft: CommandDraft?
    ) async throws(EnqueueError) -> (QueuedCommand, [Follower])? {
        while true {
            let drafts = try followers(of: old, under: draft)
            switch try renew(old, as: draft, with: drafts) {
            case .renewed(let renewed, let followers): return (renewed, followers)
            case .gone: return nil
            case .hasToWait(let keeping): _ = await keeping.value
            }
        }
    }

    private func renew(
        _ old: QueuedCommand,
        as draft: CommandDraft?,
        with drafts: [CommandDraft]
    ) throws(EnqueueError) -> Renewal {
        let moment = engine.clock.moment()
        return try change { (shared: inout Shared) throws(EnqueueError) -> Renewal in
            let known = Set(drafts.map(\.id))
            let others = shared.machine.ids(in: old.lane).filter { $0 != old.id }
            let late = others.filter { !known.contains($0) }.compactMap { shared.keeping[$0] }
            if let draft, draft.lane != old.lane, let keeping = late.first {
                return .hasToWait(for: keeping)
            }
            let present = drafts.filter { shared.machine.command($0.id) != nil }
            let before = present.compactMap { shared.machine.command($0.id) }
            guard let renewed = try shared.machine.renew(old.id, as: draft, at: moment) else {
                return .gone
            }
            shared.unkept[renewed.position] = nil
            if !uploads.queued(at: renewed.position).isEmpty {
                shared.machine.hold(renewed.position)
            }
            let after = shared.machine.follow(present)
            let followers = zip(zip(before, after), present).map { commands, draft in
                Follower(old: commands.0, new: commands.1, call: draft.call)
            }
            return .renewed(renewed, followers)
        }
    }

    /// The comments behind a ticket that is renewed, as comments on it under its new id.
    private func followers(
        of old: QueuedCommand,
        under draft: CommandDraft?
    ) throws(EnqueueError) -> [CommandDraft] {
        guard old.kind == .ticket, let draft, draft.id != old.id else { return [] }
        let comments = shared.withLock { $0.machine.commands(in: old.lane) }
        do throws(LocalStoreError) {
            var drafts: [CommandDraft] = []
            for comment in comments where comment.kind == .comment {
                let call = try store.call(of: comment.position)
                drafts.append(
                    try CommandDraft(comment: comment.id, call, on: RequestID(draft.id))
                )
            }
            return drafts
        } catch {
            throw EnqueueError(error)
        }
    }

    /// What takes the place of a refused command: the same under a new id, since the server repeats
    /// its verdict on the old one.
    ///
    /// Any other keeps its id: it may have taken effect, and only the same id finds out.
    private func renewal(
        of command: QueuedCommand,
        files: [AttachmentID]
    ) throws(EnqueueError) -> CommandDraft? {
        guard Self.isRefused(command) else { return nil }
        do throws(LocalStoreError) {
            let id: CommandID = engine.newID()
            let call = try store.call(of: command.position)
            let isTicket = command.kind == .ticket
            let lane = isTicket ? Lane(RequestID(id)) : command.lane
            return try command.kind.renewed(call, as: id, files: files, in: lane)
        } catch {
            throw EnqueueError(error)
        }
    }

    private static func isRefused(_ command: QueuedCommand) -> Bool {
        if case .refused = command.stop { true } else { false }
    }
}

/// A message that has taken effect and that the feed has not told yet.
struct TakenMessage {
    /// The number of the connection on which the server said so.
    let link: Int
    /// The place of the command.
    let position: UInt64
    /// The message as the feed is to tell it.
    let entry: ReplicaEvent

    init(link: Int, _ position: UInt64, _ entry: ReplicaEvent) {
        self.link = link
        self.position = position
        self.entry = entry
    }
}

extension OutboxRunner.Shared {
    /// A message has taken effect, which the feed has not told yet.
    ///
    /// Offsets grow as long as a log lives, so that what earlier connections have told of this
    /// place and of later ones was of a life that is over.
    mutating func take(_ message: TakenMessage) {
        for earlier in unkept.isEmpty ? [] : taken
        where earlier.link < message.link && earlier.entry.offset >= message.entry.offset
            && unkept[earlier.position]?.isRemoval == true
        {
            unkept[earlier.position] = [.remove(earlier.position)]
        }
        taken.append(message)
        if taken.count > OutboxRunner.mostTaken { taken.removeFirst() }
    }

    /// What becomes of a command that somebody holds on to.
    fileprivate mutating func verdict(of id: CommandID) -> PendingVerdict {
        let verdict = pending[id] ?? PendingVerdict()
        pending[id] = verdict
        return verdict
    }
}
