internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Synchronization

/// Keeps the read marks that the server does not have yet, and sends them.
///
/// `ReadMarkMachine` decides; this shell keeps marks in the local store and makes the calls. A mark
/// is in the store before anybody hears that it is made, and leaves it when the server has it or
/// refuses it. Sending one twice does no harm: marks never move back.
final class ReadMarkRunner: Sendable {
    /// How long a client that is closed goes on telling the server its marks.
    static let lastTime = Duration.seconds(5)
    /// How long to wait before the store is asked again to forget what it had no room to forget.
    private static let retryTime = Duration.seconds(5)
    /// How many dropped marks wait for a reader.
    private static let largestTale = 64

    private typealias Observer = AsyncStream<DroppedReadMark>.Continuation

    private struct Shared {
        var machine: ReadMarkMachine
        var isClosed = false
        var observers: [Int: Observer] = [:]
        var lastNumber = 0
    }

    private let engine: Engine
    private let store: LocalStore
    private let observers: LocalObservers
    private let isDurable: Bool
    private let failpoint: @Sendable (OutboxFailpoint) -> Void
    private let bell = Bell()
    private let shared: Mutex<Shared>

    /// A runner over what was kept.
    ///
    /// - Parameters:
    ///   - engine: What gives connections.
    ///   - store: Where marks are kept.
    ///   - marks: What was kept.
    ///   - observers: Told when marks change what is shown.
    ///   - isDurable: Whether the store outlives the client.
    ///   - limits: How many marks there may be.
    ///   - failpoint: Told where a mark stands.
    init(
        _ engine: Engine,
        _ store: LocalStore,
        _ marks: [ReadMark],
        _ observers: LocalObservers,
        isDurable: Bool,
        limits: OutboxLimits,
        failpoint: @escaping @Sendable (OutboxFailpoint) -> Void
    ) {
        self.engine = engine
        self.store = store
        self.observers = observers
        self.isDurable = isDurable
        self.failpoint = failpoint
        shared = Mutex(Shared(machine: ReadMarkMachine(marks, limits: limits)))
    }

    /// Begins to send; goes on until the client is closed.
    func start() {
        Task { await run() }
    }

    /// How many marks the server does not have.
    var count: Int { shared.withLock { $0.machine.count } }

    // MARK: Keeping

    /// Keeps a mark; when this returns, it is as durable as the client's store.
    ///
    /// - Throws: Why it is not kept.
    func keep(_ mark: ReadMark) async throws(EnqueueError) {
        if let trouble = engine.trouble, trouble.code == .otherPrincipal {
            throw .otherPrincipal(trouble.message)
        }
        let isKnown = try shared.withLock { shared throws(EnqueueError) in
            guard !shared.isClosed else { throw .closed }
            guard shared.machine.hasRoom(for: mark) else {
                throw .outboxFull(.marks(shared.machine.limits.marks))
            }
            return shared.machine.covers(mark)
        }
        if isKnown { return }
        failpoint(.beforeMarkKept)
        do throws(LocalStoreError) {
            try await store.commit([.mark(mark)])
        } catch {
            throw EnqueueError(error)
        }
        try shared.withLock { shared throws(EnqueueError) in
            // What is on disk is the next client's; from memory nobody would take it.
            guard !shared.isClosed || isDurable else { throw .closed }
            shared.machine.add(mark)
        }
        failpoint(.markKept)
        observers.ring(.replica)
        bell.ring()
        engine.occurred(.queued)
    }

    /// Shows a mark that another process keeps and sends.
    func show(_ mark: ReadMark) async throws(EnqueueError) {
        let told = ReplicaChange.marked(mark.conversation, upTo: mark.position, epoch: mark.epoch)
        do throws(LocalStoreError) {
            try await store.commit([.replica(told)])
        } catch {
            throw EnqueueError(error)
        }
        observers.ring(.replica)
    }

    // MARK: Sending

    private func run() async {
        do throws(DocketClientError) {
            while true {
                let link = try await engine.link(by: nil)
                switch next() {
                case .send(let mark, let command):
                    Task { await attempt(mark, command, on: link) }
                case .rest(let moment): await bell.wait(until: moment, by: engine.clock)
                }
            }
        } catch {
            // The client was closed, or nobody can sign in: what waits stays where it is.
        }
    }

    private func next() -> ReadMarkMachine.Turn {
        let now = engine.clock.now()
        let command: MessageID = engine.newID()
        return shared.withLock { $0.machine.next(at: now) { command } }
    }

    private func attempt(_ mark: ReadMark, _ command: MessageID, on link: Engine.Link) async {
        do throws(RPCError) {
            let deadline = engine.clock.now() + Engine.attemptTime
            guard let told = try await send(mark, command, on: link, by: deadline) else {
                return await drop(mark, .restored)
            }
            failpoint(.markAnswered)
            await keep([.forgetMark(mark), .replica(told)])
            failpoint(.markSettled)
            settled(mark)
        } catch {
            guard let failure = OutboxMachine.AttemptFailure(error) else {
                return await drop(mark, .refused(Refusal(error)))
            }
            if failure == .connection { engine.report(error, on: link) }
            let now = engine.clock.now()
            engine.withRandom { random in
                shared.withLock { $0.machine.failed(mark, failure, at: now, using: &random) }
            }
            bell.ring()
        }
    }

    /// Tells the server a mark on a connection, unless that is of another life of the log.
    ///
    /// A restore ends every connection, so that what one of them says of its life holds for all its
    /// answers.
    ///
    /// - Returns: What the replica may show from now on; nil where the mark is of another life.
    private func send(
        _ mark: ReadMark,
        _ command: MessageID,
        on link: Engine.Link,
        by deadline: ContinuousClock.Instant
    ) async throws(RPCError) -> ReplicaChange? {
        let epoch = try await epoch(of: link, by: deadline)
        guard mark.epoch == nil || mark.epoch == epoch else { return nil }
        let call = Docket_V1_MarkReadCall.with {
            $0.header.commandID = Data(command.bytes)
            $0.conversationID = Data(mark.conversation.bytes)
            $0.upToOffset = mark.position
        }
        let options = CallOptions(timeout: deadline - engine.clock.now())
        let reply = try await ConversationsCaller(channel: link.connection)
            .markRead(call, options: options)
        // The mark stands behind everything that it covers.
        let upTo = min(mark.position, reply.offset)
        return .marked(mark.conversation, upTo: upTo, epoch: epoch)
    }

    /// The life of the log that a connection's answers are of.
    private func epoch(
        of link: Engine.Link,
        by deadline: ContinuousClock.Instant
    ) async throws(RPCError) -> [UInt8] {
        if let epoch = engine.epoch(of: link) { return epoch }
        let options = CallOptions(timeout: deadline - engine.clock.now())
        let call = Docket_V1_SnapshotCall.with { $0.limit = 1 }
        let reply = try await FeedCaller(channel: link.connection).snapshot(call, options: options)
        let epoch = Array(reply.asOf.epoch)
        guard epoch.count == Cursor.epochLength else {
            throw RPCError(.malformedMessage, "a snapshot of no epoch")
        }
        engine.heard(epoch, on: link.number)
        return epoch
    }

    private func drop(_ mark: ReadMark, _ cause: DroppedReadMark.Cause) async {
        var changes = [LocalChange.forgetMark(mark)]
        if cause == .restored {
            // What is shown of the life that is over stays as it is until the other is shown.
            let shown = ReplicaChange.marked(
                mark.conversation,
                upTo: mark.position,
                epoch: mark.epoch
            )
            changes.append(.replica(shown))
        }
        await keep(changes)
        tell(DroppedReadMark(mark, cause))
        settled(mark)
    }

    private func settled(_ mark: ReadMark) {
        shared.withLock { $0.machine.settled(mark) }
        observers.ring(.replica)
        observers.ring(.outbox)
        bell.ring()
    }

    /// Keeps changes that sending the mark again would find out again; on a full disk they are
    /// tried again.
    private func keep(_ changes: [LocalChange]) async {
        while true {
            do throws(LocalStoreError) {
                return try await store.commit(changes)
            } catch {
                guard error == .full, !shared.withLock({ $0.isClosed }),
                    await engine.clock.sleep(until: engine.clock.now() + Self.retryTime)
                else { return }
            }
        }
    }

    // MARK: Telling

    /// The marks that are dropped from now on, until the client is closed.
    var drops: AsyncStream<DroppedReadMark> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: DroppedReadMark.self,
            bufferingPolicy: .bufferingNewest(Self.largestTale)
        )
        let number = shared.withLock { shared -> Int? in
            guard !shared.isClosed else { return nil }
            shared.lastNumber += 1
            shared.observers[shared.lastNumber] = continuation
            return shared.lastNumber
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.shared.withLock { _ = $0.observers.removeValue(forKey: number) }
        }
        return stream
    }

    private func tell(_ drop: DroppedReadMark) {
        for observer in shared.withLock({ $0.observers.inOrder }) { observer.yield(drop) }
    }

    // MARK: The end

    /// Takes no more marks.
    ///
    /// - Returns: What to do with the connection that stands before it is closed; nil for nothing.
    func close() -> (@Sendable (Engine.Link?) async -> Void)? {
        let unsent = shared.withLock { shared in
            defer { shared.isClosed = true }
            return shared.isClosed ? [] : shared.machine.unsent
        }
        bell.ring()
        guard !unsent.isEmpty else {
            finish()
            return nil
        }
        return { link in
            await self.send(unsent, on: link)
            self.finish()
        }
    }

    /// Tells the server the last marks, for a short while; says which of them are lost.
    private func send(
        _ unsent: [(mark: ReadMark, command: MessageID?)],
        on link: Engine.Link?
    ) async {
        let deadline = engine.clock.now() + Self.lastTime
        let atOnce = shared.withLock { $0.machine.limits.marksUnderWay }
        for start in stride(from: 0, to: unsent.count, by: atOnce) {
            await send(unsent[start..<min(start + atOnce, unsent.count)], on: link, by: deadline)
        }
    }

    private func send(
        _ unsent: ArraySlice<(mark: ReadMark, command: MessageID?)>,
        on link: Engine.Link?,
        by deadline: ContinuousClock.Instant
    ) async {
        await withDiscardingTaskGroup { group in
            for (mark, command) in unsent {
                group.addTask {
                    let cause = await self.lastWord(mark, command, on: link, by: deadline)
                    guard let cause, !self.isDurable else { return }
                    self.tell(DroppedReadMark(mark, cause))
                }
            }
        }
    }

    /// Why the server has not taken a mark; nil where it has.
    private func lastWord(
        _ mark: ReadMark,
        _ command: MessageID?,
        on link: Engine.Link?,
        by deadline: ContinuousClock.Instant
    ) async -> DroppedReadMark.Cause? {
        guard let link else { return .closed }
        do throws(RPCError) {
            let command = command ?? engine.newID()
            let told = try await send(mark, command, on: link, by: deadline)
            return told == nil ? .restored : nil
        } catch {
            return OutboxMachine.AttemptFailure(error) == nil ? .refused(Refusal(error)) : .closed
        }
    }

    private func finish() {
        let observers = shared.withLock { shared in
            defer { shared.observers = [:] }
            return shared.observers.inOrder
        }
        for observer in observers { observer.finish() }
    }
}
