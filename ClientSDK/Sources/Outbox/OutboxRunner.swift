internal import DocketRPC
internal import Synchronization

/// Keeps the commands of a client, and sends them until each has a verdict.
///
/// `OutboxMachine` decides; this shell keeps its decisions in the local store and makes the calls.
/// Every change of state happens under one lock, every effect outside of it. A command is in the
/// store before anybody hears that it is queued, and it stands there that it may be sent before it
/// is sent for the first time.
final class OutboxRunner: Sendable {
    typealias Waiter = CheckedContinuation<CommandOutcome<Acceptance>, Never>

    /// What changes, under one lock.
    struct Shared {
        var machine: OutboxMachine
        /// Whether the store holds the messages of conversations, or is about to.
        var holdsMessages: Bool
        /// What becomes of the commands that somebody here holds on to.
        var pending: [CommandID: PendingVerdict] = [:]
        var waiters: [CommandID: [Int: Waiter]] = [:]
        var observers: [Int: AsyncStream<OutboxSummary>.Continuation] = [:]
        /// The commands that have taken effect, until the store has forgotten them.
        var settling: [CommandID: (command: QueuedCommand, acceptance: Acceptance)] = [:]
        /// The commands whose refusal is told and not kept.
        var posts: Set<CommandID> = []
        /// The largest offset at which a command has taken effect.
        var lastOffset: UInt64 = 0
        /// The newest connection over which one has, and the largest offset of those.
        var lastEffect: (link: Int, offset: UInt64)?
        /// What the full store could not take of the commands at some positions.
        var unkept: [UInt64: [LocalChange]] = [:]
        var isFlushing = false
        /// Which life of the log the replica reads; nil before the first snapshot.
        var epoch: [UInt8]?
        /// The messages that took effect and that the feed has not told yet, with the number of the
        /// connection on which the server said so.
        var taken: [TakenMessage] = []
        /// The commands that are being kept for the first time.
        var keeping: [CommandID: Task<EnqueueError?, Never>] = [:]
        /// Why nothing leaves any more.
        var trouble: DocketClientError?
        var lastNumber = 0

        /// Whether the client was closed, or its store keeps nothing any more.
        var isOver: Bool { [.closed, .storage].contains(trouble?.code) }

        /// A command has taken effect at an offset, over the connection with a number.
        mutating func noteEffect(at offset: UInt64, over link: Int) {
            guard let last = lastEffect, last.link >= link else {
                return lastEffect = (link, offset)
            }
            if last.link == link { lastEffect = (link, max(last.offset, offset)) }
        }

        /// A number for a waiter or an observer.
        mutating func nextNumber() -> Int {
            lastNumber += 1
            return lastNumber
        }
    }

    /// How many messages that took effect are remembered until the feed tells them.
    ///
    /// Where nobody reads the feed, older ones are shown as the store has them.
    static let mostTaken = 1_000
    /// How long to wait before the store is asked again to keep what it had no room for.
    private static let retryTime = Duration.seconds(5)

    let store: LocalStore
    let observers = LocalObservers()
    let engine: Engine
    let failpoint: @Sendable (OutboxFailpoint) -> Void
    let uploads: UploadRunner
    let bell = Bell()
    let shared: Mutex<Shared>

    /// A runner over what was kept.
    init(
        _ engine: Engine,
        _ store: LocalStore,
        _ content: LocalContent,
        _ spool: any Spool,
        limits: OutboxLimits,
        failpoint: @escaping @Sendable (OutboxFailpoint) -> Void
    ) {
        self.engine = engine
        self.store = store
        self.failpoint = failpoint
        uploads = UploadRunner(
            engine,
            spool,
            content.files,
            of: content.commands,
            beside: content.incoming.flatMap(\.files),
            limits: limits
        )
        let machine = OutboxMachine(
            content.commands,
            holding: uploads.positions,
            limits: limits
        )
        let epoch = content.cursor?.epoch
        shared = Mutex(Shared(machine: machine, holdsMessages: epoch != nil, epoch: epoch))
    }

    /// Begins to send; goes on until the client is closed.
    func start() {
        Task { await run() }
        startUploads()
    }

    /// Nothing leaves any more, and nothing is taken.
    func close() {
        stopLeaving(because: DocketClientError(.closed, "the client was closed"))
        let summaries = shared.withLock { shared in
            defer { shared.observers = [:] }
            return shared.observers.inOrder
        }
        for observer in summaries { observer.finish() }
        observers.finish()
        bell.ring()
        uploads.close()
    }

    // MARK: Sending

    private func run() async {
        do throws(DocketClientError) {
            while true {
                let link = try await engine.link(by: nil)
                if shared.withLock({ $0.isOver }) { return }
                switch next(over: link) {
                case .send(let commands): Task { await attempt(commands, on: link) }
                case .expire(let command):
                    engine.journal.note(.stopped(command, .expired))
                    await keep([.stop(command.position, .expired)], of: command)
                    sweep()
                case .rest(let moment): await bell.wait(until: moment, by: engine.clock)
                }
            }
        } catch {
            stopLeaving(because: error)
        }
    }

    private func next(over link: Engine.Link) -> OutboxMachine.Turn {
        let (now, moment) = (engine.clock.now(), engine.clock.moment())
        return change { $0.machine.next(at: now, moment, over: link.number) }
    }

    private func attempt(_ commands: [QueuedCommand], on link: Engine.Link) async {
        let members = await loaded(commands)
        guard !members.isEmpty else { return }
        let batch = OutboxBatch(members)
        let answers: [OutboxBatch.Answer]
        let begin = engine.clock.now()
        do throws(RPCError) {
            let options = CallOptions(timeout: Engine.attemptTime)
            answers = try await batch.send(on: link.connection, options: options)
            guard !answers.isEmpty else {
                throw RPCError(.malformedMessage, "a lane of calls without an answer")
            }
        } catch {
            return await unanswered(batch, error, on: link, after: engine.clock.now() - begin)
        }
        let latency = engine.clock.now() - begin
        failpoint(.answered)
        switch batch.bond {
        case .lane: await answered(lane: members, answers, on: link, after: latency)
        case .independent: await answered(members, answers, on: link, after: latency)
        }
    }

    /// Nobody knows what became of any command of a batch.
    private func unanswered(
        _ batch: OutboxBatch,
        _ error: RPCError,
        on link: Engine.Link,
        after latency: Duration
    ) async {
        let commands = batch.members.map(\.command)
        guard batch.bond == .lane else {
            guard commands.count == 1 || OutboxMachine.AttemptFailure(error) != nil else {
                change { $0.machine.pushAlone() }
                return returned(commands[...], mayHaveTakenEffect: false)
            }
            return await failed(commands.map { ($0, error) }, on: link, after: latency)
        }
        guard commands.count == 1 || error.reason != .methodUnknown else {
            change { $0.machine.sendAlone() }
            return returned(commands[...], mayHaveTakenEffect: false)
        }
        returned(commands.dropFirst(), mayHaveTakenEffect: !error.isNotProcessed)
        await failed([(commands[0], error)], on: link, after: latency)
    }

    /// The commands of a lane have answers, up to the first that failed.
    private func answered(
        lane members: [OutboxBatch.Member],
        _ answers: [OutboxBatch.Answer],
        on link: Engine.Link,
        after latency: Duration
    ) async {
        // Whatever a server says behind an answer that failed, it has made none of those.
        let taken = Array(answers.prefix(while: \.isSuccess))
        let rest = members.dropFirst(taken.count).map(\.command)
        if let failed = rest.first, case .failure(let error)? = answers.dropFirst(taken.count).first
        {
            returned(rest.dropFirst(), mayHaveTakenEffect: false)
            await accepted(members, taken, on: link, after: latency)
            await self.failed([(failed, error)], on: link, after: latency)
        } else {
            returned(rest[...], mayHaveTakenEffect: true)
            await accepted(members, taken, on: link, after: latency)
        }
    }

    /// Commands have answers, each for itself.
    private func answered(
        _ members: [OutboxBatch.Member],
        _ answers: [OutboxBatch.Answer],
        on link: Engine.Link,
        after latency: Duration
    ) async {
        let failures = zip(members, answers).compactMap { member, answer in
            if case .failure(let error) = answer { (member.command, error) } else { nil }
        }
        await accepted(members, answers, on: link, after: latency)
        await failed(failures, on: link, after: latency)
    }

    /// Commands that were sent behind another come back without a verdict of their own.
    private func returned(_ commands: ArraySlice<QueuedCommand>, mayHaveTakenEffect: Bool) {
        guard !commands.isEmpty else { return }
        change { $0.machine.returned(commands, mayHaveTakenEffect: mayHaveTakenEffect) }
        bell.ring()
    }

    /// Keeps that commands may be sent, and reads their calls; none where the first cannot leave.
    private func loaded(_ commands: [QueuedCommand]) async -> [OutboxBatch.Member] {
        var members: [OutboxBatch.Member] = []
        do throws(LocalStoreError) {
            if commands.contains(where: { !$0.mayBeSent }) { try await mark(commands) }
            failpoint(.marked)
            for command in commands {
                let call = try store.call(of: command.position)
                members.append(OutboxBatch.Member(command: command, call: call))
            }
        } catch {
            // What is wrong with one behind the first is found out when it is the first.
            returned(commands.dropFirst(max(1, members.count)), mayHaveTakenEffect: false)
            if members.isEmpty { await unusable(commands[0], error) }
        }
        return members
    }

    /// Keeps that commands may be sent; of a lane also those that leave next.
    private func mark(_ leaving: [QueuedCommand]) async throws(LocalStoreError) {
        let commands =
            switch leaving[0].kind.bond {
            case .lane: shared.withLock { $0.machine.unmarked(in: leaving[0].lane) }
            case .independent: leaving.filter { !$0.mayBeSent }
            }
        try await store.commit(commands.map { .maySend($0.position) })
        change { shared in
            for command in commands { shared.machine.marked(command) }
        }
    }

    /// Commands whose answers say so have taken effect; what is kept of them shares commits.
    private func accepted(
        _ members: [OutboxBatch.Member],
        _ answers: [OutboxBatch.Answer],
        on link: Engine.Link,
        after latency: Duration
    ) async {
        let count = answers.count(where: \.isSuccess)
        engine.journal.note(.answered(latency, commands: count))
        await withDiscardingTaskGroup { group in
            for (member, answer) in zip(members, answers) {
                guard let acceptance = try? answer.get(),
                    begin(settling: member.command, acceptance, over: link.number)
                else { continue }
                let taken = taken(by: member, acceptance, on: link)
                group.addTask { await self.settle(member.command, acceptance, taken: taken) }
            }
        }
    }

    /// What the replica is to hold of a command that took effect.
    private func taken(
        by member: OutboxBatch.Member,
        _ acceptance: Acceptance,
        on link: Engine.Link
    ) -> [LocalChange] {
        let entry = member.command.kind.taken(member.call, acceptance, by: engine.identity)
        guard let entry else { return [] }
        let epoch = shared.withLock { shared in
            if shared.holdsMessages {
                shared.take(TakenMessage(link: link.number, member.command.position, entry))
            }
            return shared.epoch
        }
        return [.replica(.taken(entry, epoch: epoch))]
    }

    /// The feed has told a message whose verdict got lost, or is under way.
    func arrived(_ receipt: Receipt) {
        let id = CommandID(receipt.messageID)
        guard let command = shared.withLock({ $0.machine.command(id) }),
            CommandKind.messages.contains(command.kind),
            begin(settling: command, .message(receipt), over: nil)
        else { return }
        Task { await settle(command, .message(receipt), taken: []) }
    }

    /// A command has taken effect; false when that is known already, or nobody wants to know.
    private func begin(
        settling command: QueuedCommand,
        _ acceptance: Acceptance,
        over link: Int?
    ) -> Bool {
        let isThere = change { shared in
            guard shared.machine.accepted(command, over: link) else { return false }
            shared.settling[command.id] = (command, acceptance)
            shared.lastOffset = max(shared.lastOffset, acceptance.offset)
            if let link { shared.noteEffect(at: acceptance.offset, over: link) }
            return true
        }
        if isThere { engine.journal.note(.accepted(command, acceptance)) }
        // The next command of the lane leaves while this one is being removed.
        bell.ring()
        return isThere
    }

    /// Puts a command out of the store, and what it did into the replica if somebody may look.
    private func settle(
        _ command: QueuedCommand,
        _ acceptance: Acceptance,
        taken: [LocalChange]
    ) async {
        let isHeld = shared.withLock { $0.holdsMessages }
        let removal = LocalChange.remove(command.position)
        if await keep([removal] + (isHeld ? taken : []), of: command) {
            recorded(command.position)
            // Somebody may have begun to look since, and must not see the message go.
            let begins = change { shared in
                guard !isHeld, shared.holdsMessages, !taken.isEmpty else {
                    shared.settling[command.id] = nil
                    return false
                }
                return true
            }
            if begins, await keep(taken, of: command) { forgotten(command) }
        }
        failpoint(.settled)
        uploads.remove(command.position)
        settle(command.id, .delivered(acceptance))
    }

    /// The store has forgotten a command that is done with: what waited for that may leave.
    private func recorded(_ position: UInt64) {
        if shared.withLock({ $0.machine.recorded(position) }) { bell.ring() }
    }

    /// The store has forgotten a command that took effect.
    private func forgotten(_ command: QueuedCommand) {
        change { _ = $0.settling.removeValue(forKey: command.id) }
    }

    /// Attempts at commands have failed; what is kept of that shares commits.
    private func failed(
        _ failures: [(QueuedCommand, RPCError)],
        on link: Engine.Link,
        after latency: Duration
    ) async {
        await withDiscardingTaskGroup { group in
            for (command, error) in failures {
                group.addTask { await self.failed(command, error, on: link, after: latency) }
            }
        }
    }

    private func failed(
        _ command: QueuedCommand,
        _ error: RPCError,
        on link: Engine.Link,
        after latency: Duration
    ) async {
        guard let failure = OutboxMachine.AttemptFailure(error) else {
            engine.journal.note(.answered(latency, commands: 1))
            failpoint(.answered)
            return await refused(command, Refusal(error), over: link.number)
        }
        engine.journal.note(.attemptFailed(command, failure, error))
        if failure == .connection { engine.report(error, on: link) }
        let now = engine.clock.now()
        let stop = QueuedCommand.Stop.gaveUp(Refusal(error))
        let isStopped = engine.withRandom { random in
            change { shared in
                let goesOn = shared.machine.failed(
                    command,
                    failure,
                    mayHaveTakenEffect: !error.isNotProcessed,
                    at: now,
                    using: &random
                )
                return !goesOn && shared.machine.stopped(command, stop)
            }
        }
        bell.ring()
        if isStopped { await stopped(command, stop) }
    }

    /// The local store does not give a command's call, or does not keep that it may be sent.
    private func unusable(_ command: QueuedCommand, _ error: LocalStoreError) async {
        if case .damaged(let what) = error {
            let stop = QueuedCommand.Stop.gaveUp(
                Refusal(reason: "damaged", message: what, particulars: "")
            )
            guard change({ $0.machine.stopped(command, stop) }) else { return }
            return await stopped(command, stop)
        }
        if error != .full { storeIsLost(error) }
        let now = engine.clock.now()
        engine.withRandom { random in
            change { shared in
                _ = shared.machine.failed(
                    command,
                    .busy(retryAfter: nil),
                    mayHaveTakenEffect: false,
                    at: now,
                    using: &random
                )
            }
        }
        bell.ring()
    }

    /// The server has refused a command: its lane stops, unless whoever sent it wants to be told
    /// alone, or another system has brought the same message again with other content.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - refusal: Why.
    ///   - link: The number of the connection on which it said so; nil where that is not known.
    func refused(_ command: QueuedCommand, _ refusal: Refusal, over link: Int?) async {
        let isKnown = command.kind == .ingest && refusal.reason == Reason.keyReused.rawValue
        let (isThere, goesOn) = change { shared in
            guard isKnown || shared.posts.contains(command.id) else {
                return (shared.machine.stopped(command, .refused(refusal)), false)
            }
            return (shared.machine.accepted(command, over: link), true)
        }
        guard isThere else { return }
        bell.ring()
        guard goesOn else { return await stopped(command, .refused(refusal)) }
        engine.journal.note(.refused(command, refusal))
        if await keep([.remove(command.position)], of: command) { recorded(command.position) }
        uploads.remove(command.position)
        settle(command.id, isKnown ? .discarded : .refused(refusal))
    }

    func stopped(_ command: QueuedCommand, _ stop: QueuedCommand.Stop) async {
        engine.journal.note(.stopped(command, stop))
        bell.ring()
        await keep([.stop(command.position, stop)], of: command)
        failpoint(.settled)
        sweep()
    }

    // MARK: Keeping

    /// Keeps changes that a restart would find out again; on a full disk they are tried again.
    ///
    /// - Parameters:
    ///   - changes: The changes.
    ///   - command: The command that they are of; later ones take the place of earlier ones.
    /// - Returns: Whether they are kept. Where the store is lost they never are, and nothing that
    ///   waits for them goes on.
    @discardableResult
    private func keep(_ changes: [LocalChange], of command: QueuedCommand) async -> Bool {
        shared.withLock { _ = $0.unkept.removeValue(forKey: command.position) }
        do throws(LocalStoreError) {
            try await store.commit(changes)
            return true
        } catch {
            guard error == .full else {
                storeIsLost(error)
                return false
            }
            let begins = shared.withLock { shared in
                shared.unkept[command.position] = changes
                defer { shared.isFlushing = true }
                return !shared.isFlushing
            }
            if begins {
                engine.journal.note(.storeIsFull)
                Task { await flush() }
            }
            return false
        }
    }

    /// The store takes nothing any more: nothing leaves that could not be kept.
    private func storeIsLost(_ error: LocalStoreError) {
        // A store that was closed was closed on purpose.
        if error != .closed, !shared.withLock({ $0.isOver }) {
            engine.journal.note(.storeIsLost(error))
        }
        stopLeaving(because: DocketClientError(error))
        bell.ring()
    }

    /// Tries again what the store could not take, until there is room for all of it.
    private func flush() async {
        while await engine.clock.sleep(until: engine.clock.now() + Self.retryTime) {
            let waiting = shared.withLock { $0.isOver ? [:] : $0.unkept }
            // Removals make room.
            let removals = waiting.filter { $0.value.isRemoval }
            for (position, changes) in removals.sorted(by: { $0.key < $1.key }) {
                await flush(changes, position)
            }
            for (position, changes) in waiting where !changes.isRemoval {
                await flush(changes, position)
            }
            let isDone = shared.withLock { shared in
                let isDone = shared.unkept.isEmpty || shared.isOver
                if isDone { shared.isFlushing = false }
                return isDone
            }
            if isDone { return }
        }
    }

    private func flush(_ changes: [LocalChange], _ position: UInt64) async {
        // A person may have decided otherwise meanwhile.
        guard shared.withLock({ $0.unkept[position] != nil }) else { return }
        do throws(LocalStoreError) {
            try await store.commit(changes)
        } catch {
            if error != .full { storeIsLost(error) }
            return
        }
        let settled = change { shared in
            shared.unkept[position] = nil
            return shared.settling.values.first { $0.command.position == position }?.command
        }
        if let settled { forgotten(settled) }
        if changes.isRemoval { recorded(position) }
    }
}

extension [LocalChange] {
    /// Whether they take a command out of the store.
    var isRemoval: Bool {
        contains { if case .remove = $0 { true } else { false } }
    }
}
