internal import DocketRPC
internal import Synchronization

/// Keeps the commands of a client, and sends them until each has a verdict.
///
/// `OutboxMachine` decides; this shell keeps its decisions in the local store and makes the calls.
/// Every change of state happens under one lock, every effect outside of it. A command is in the
/// store before anybody hears that it is queued, and it stands there that it may be sent before it
/// is sent for the first time.
final class OutboxRunner: Sendable {
    typealias Waiter = CheckedContinuation<SendOutcome, Never>

    /// What changes, under one lock.
    struct Shared {
        var machine: OutboxMachine
        /// What becomes of the commands that somebody here holds on to.
        var pending: [MessageID: PendingVerdict] = [:]
        var waiters: [MessageID: [Int: Waiter]] = [:]
        var observers: [Int: AsyncStream<OutboxSummary>.Continuation] = [:]
        /// The commands that have taken effect, until the store has forgotten them.
        var settling: [MessageID: QueuedCommand] = [:]
        /// The largest offset at which a command has taken effect.
        var lastOffset: UInt64 = 0
        /// Changes that the store could not take, to be tried again with the next.
        var unkept: [LocalChange] = []
        /// The commands that are being kept for the first time.
        var keeping: [MessageID: Task<EnqueueError?, Never>] = [:]
        /// Why nothing leaves any more.
        var trouble: DocketClientError?
        var lastNumber = 0

        /// A number for a waiter or an observer.
        mutating func nextNumber() -> Int {
            lastNumber += 1
            return lastNumber
        }
    }

    let store: LocalStore
    let observers = LocalObservers()
    let engine: Engine
    let failpoint: @Sendable (OutboxFailpoint) -> Void
    /// Whether the store holds the messages of conversations, or is about to.
    let holdsMessages: Atomic<Bool>
    let bell = Bell()
    let shared: Mutex<Shared>

    /// A runner over what was kept.
    init(
        _ engine: Engine,
        _ store: LocalStore,
        _ content: LocalContent,
        limits: OutboxLimits,
        failpoint: @escaping @Sendable (OutboxFailpoint) -> Void
    ) {
        self.engine = engine
        self.store = store
        holdsMessages = Atomic(content.cursor != nil)
        self.failpoint = failpoint
        let machine = OutboxMachine(content.commands, limits: limits)
        shared = Mutex(Shared(machine: machine))
    }

    /// Begins to send; goes on until the client is closed.
    func start() {
        Task { await run() }
    }

    /// Nothing leaves any more, and nothing is taken.
    func close() {
        stopLeaving(because: DocketClientError(.closed, "the client was closed"))
        let summaries = shared.withLock { shared in
            defer { shared.observers = [:] }
            return Array(shared.observers.values)
        }
        for observer in summaries { observer.finish() }
        observers.finish()
        bell.ring()
    }

    // MARK: Sending

    private func run() async {
        do throws(DocketClientError) {
            while true {
                let link = try await engine.link(by: nil)
                switch next() {
                case .send(let command): Task { await attempt(command, on: link) }
                case .expire(let command):
                    await keep([.stop(command.position, .expired)])
                    sweep()
                case .rest(let moment): await rest(until: moment)
                }
            }
        } catch {
            stopLeaving(because: error)
        }
    }

    private func next() -> OutboxMachine.Turn {
        let (now, moment) = (engine.clock.now(), engine.clock.moment())
        return change { $0.machine.next(at: now, moment) }
    }

    private func rest(until moment: ContinuousClock.Instant?) async {
        let timer = moment.map { moment in
            Task { if await engine.clock.sleep(until: moment) { bell.ring() } }
        }
        await bell.wait()
        timer?.cancel()
    }

    private func attempt(_ command: QueuedCommand, on link: Engine.Link) async {
        let call: [UInt8]
        do throws(LocalStoreError) {
            if !command.mayBeSent { try await mark(command.lane) }
            failpoint(.marked)
            call = try store.call(of: command.position)
        } catch {
            return await unusable(command, error)
        }
        do throws(RPCError) {
            let options = CallOptions(timeout: Engine.attemptTime)
            let receipt = try await command.kind.perform(
                command,
                call: call,
                on: link.connection,
                options: options
            )
            failpoint(.answered)
            await accepted(command, receipt, call: call)
        } catch {
            await failed(command, error, on: link)
        }
    }

    /// Keeps that the next commands of a lane may be sent.
    private func mark(_ lane: Lane) async throws(LocalStoreError) {
        let commands = shared.withLock { $0.machine.unmarked(in: lane) }
        try await store.commit(commands.map { .maySend($0.position) })
        change { shared in
            for command in commands { shared.machine.marked(command.id) }
        }
    }

    private func accepted(_ command: QueuedCommand, _ receipt: Receipt, call: [UInt8]) async {
        guard begin(settling: command, receipt) else { return }
        var changes: [LocalChange] = [.remove(command.position)]
        if holdsMessages.load(ordering: .relaxed) {
            changes += command.kind.taken(call, receipt, by: engine.identity)
        }
        await settle(command, changes, .delivered(receipt))
    }

    /// The feed has told a message whose verdict got lost, or is under way.
    func arrived(_ id: MessageID, _ receipt: Receipt) {
        guard let command = shared.withLock({ $0.machine.command(id) }),
            begin(settling: command, receipt)
        else { return }
        Task { await settle(command, [.remove(command.position)], .delivered(receipt)) }
    }

    /// A command has taken effect; false when that is known already, or nobody wants to know.
    private func begin(settling command: QueuedCommand, _ receipt: Receipt) -> Bool {
        let isThere = change { shared in
            guard shared.machine.accepted(command.id) != nil else { return false }
            shared.settling[command.id] = command
            shared.lastOffset = max(shared.lastOffset, receipt.offset)
            return true
        }
        // The next command of the lane leaves while this one is being removed.
        bell.ring()
        return isThere
    }

    private func settle(
        _ command: QueuedCommand,
        _ changes: [LocalChange],
        _ outcome: SendOutcome
    ) async {
        await keep(changes)
        failpoint(.settled)
        change { _ = $0.settling.removeValue(forKey: command.id) }
        settle(command.id, outcome)
    }

    private func failed(
        _ command: QueuedCommand,
        _ error: RPCError,
        on link: Engine.Link
    ) async {
        guard let failure = OutboxMachine.AttemptFailure(error) else {
            failpoint(.answered)
            return await refused(command, Refusal(error))
        }
        if failure == .connection { engine.report(error, on: link) }
        let retry = again(command, failure, mayHaveTakenEffect: !error.isNotProcessed)
        if retry == .never { await refused(command, Refusal(error)) }
        bell.ring()
    }

    /// The local store does not give a command's call, or does not keep that it may be sent.
    private func unusable(_ command: QueuedCommand, _ error: LocalStoreError) async {
        if case .damaged(let what) = error {
            let refusal = Refusal(reason: "damaged", message: what, particulars: "")
            return await refused(command, refusal)
        }
        _ = again(command, .busy(retryAfter: nil), mayHaveTakenEffect: false)
        bell.ring()
    }

    private func again(
        _ command: QueuedCommand,
        _ failure: OutboxMachine.AttemptFailure,
        mayHaveTakenEffect: Bool
    ) -> OutboxMachine.Retry {
        let now = engine.clock.now()
        return engine.withRandom { random in
            change { shared in
                shared.machine.failed(
                    command.id,
                    failure,
                    mayHaveTakenEffect: mayHaveTakenEffect,
                    at: now,
                    using: &random
                )
            }
        }
    }

    private func refused(_ command: QueuedCommand, _ refusal: Refusal) async {
        guard change({ $0.machine.refused(command.id, refusal) }) != nil else { return }
        bell.ring()
        await keep([.stop(command.position, .refused(refusal))])
        failpoint(.settled)
        sweep()
    }

    /// Keeps changes that need not be kept before anything else: a restart finds them out again.
    ///
    /// On a full disk they are tried again with the next; what the store does not take for another
    /// reason is left to the restart.
    func keep(_ changes: [LocalChange]) async {
        let changes = shared.withLock { shared in
            defer { shared.unkept = [] }
            return shared.unkept + changes
        }
        do throws(LocalStoreError) {
            try await store.commit(changes)
        } catch {
            if error == .full { shared.withLock { $0.unkept = changes + $0.unkept } }
        }
    }
}
