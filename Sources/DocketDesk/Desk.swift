package import DocketDomain
package import DocketStore
internal import Foundation
package import Logging
internal import Synchronization

/// Why there is no copy of the store.
package enum BackupError: Error, Hashable, Sendable {
    /// The desk takes nothing more, now or at all.
    case unavailable(Unavailability)
    /// The store could not be copied.
    case store(StoreError)
}

/// What became of a copy of the store.
package typealias BackupResult = Result<Void, BackupError>

/// One company's running request system: its one writer, its feeds and its queries.
///
/// **Commands.** `submit` hands a `Submission` to the writer's thread, which takes all that wait
/// into one transaction. The completion is called on that thread after the commit, in the order of
/// submission; it must only hand the reply on, for instance to an event loop. `submit` as an async
/// function resumes its caller on the caller's own executor.
///
/// - Commands submitted from one thread are decided in that order.
/// - The same id with the same content, from the same principal, gets the same answer; anything
///   else under that id gets `Reply.keyReused`.
/// - `Reply.refused` is a stored verdict. `Reply.unavailable` is not: see `Unavailability`.
/// - Who may call which method is decided before the desk; what a principal may do to which object
///   is decided here, and what is forbidden is refused like what is absent.
///
/// **Feeds.** `makeHub` once for each event loop, `subscribe` for each feed; see
/// `FeedSubscription`.
///
/// **Queries** read the store's readers beside the writer: `history`, `requests`, `request`,
/// `snapshot`, `agents`. They may lag behind the feed by nothing: what was announced is readable.
///
/// **Identities** are changed by submissions and used through `Identities`.
package final class Desk: Sendable {
    /// The rules in force.
    package var policy: Policy { parts.policy.current }
    /// Every bound of the desk.
    package let limits: DeskLimits
    let store: any Store
    let readers: ReaderThreads
    private let fileThreads: ReaderThreads
    let parts: DeskParts
    private let queue: CommandQueue
    private let typing: TypingThrottle
    private let epoch: Epoch
    private let floor: UInt64
    private let hasEnded: Mutex<End> = Mutex(End())
    /// The writer's work, where it has no thread of its own.
    private let ownersLoop: Mutex<DeskLoop?> = Mutex(nil)

    /// How many threads read the store: queries are short, and two cores are the common machine.
    private static let readerCount = 4
    /// How many threads read and write the contents of attachments: one hashes while one waits.
    ///
    /// They are not the store's, so that a large file holds up no query.
    private static let fileThreadCount = 2

    private struct End {
        var isOver = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// Opens a desk on a store and starts its writer.
    ///
    /// - Parameters:
    ///   - store: Where everything is kept. The desk is the only one who writes to it.
    ///   - policy: The rules in force: those that the store kept last, or in a new store, the
    ///     first.
    ///   - policyText: The document of a new store's first rules, which the store keeps as their
    ///     first version; `nil` where it keeps none.
    ///   - clock: Where the time comes from.
    ///   - random: Where the chance in the ids of requests comes from.
    ///   - hash: SHA-256, which binds the log's entries to each other.
    ///   - limits: Every bound.
    ///   - logger: Where a failure is written.
    ///   - startsThread: Whether the writer has a thread of its own. Without one nothing happens
    ///     but in `takeTurns`, so that everything follows from what the caller does.
    ///   - onFatal: Called once, on the writer's thread, when the store has failed so that the
    ///     process has to end. By then every submission has been answered.
    /// - Throws: A `StoreError` when the store cannot be read.
    package init(
        store: any Store,
        policy: Policy,
        policyText: String? = nil,
        clock: any DeskClock,
        random: any RandomNumberGenerator & Sendable,
        hash: @escaping AuditHash,
        limits: DeskLimits = DeskLimits(),
        logger: Logger,
        startsThread: Bool = true,
        onFatal: @escaping @Sendable (StoreError) -> Void
    ) throws(StoreError) {
        try AuditCompletion.run(on: store, hash: hash)
        if let policyText {
            try Self.keepFirst(
                PolicyChange(text: policyText, policy: policy),
                store,
                at: clock.now(),
                hash
            )
        }
        let (position, start) = try store.read { reading throws(StoreError) in
            (try reading.position(), try DeskStart(reading))
        }
        self.store = store
        self.limits = limits
        epoch = position.epoch
        floor = position.floor
        readers = ReaderThreads(count: Self.readerCount, label: "docket.store.reader")
        fileThreads = ReaderThreads(count: Self.fileThreadCount, label: "docket.files")
        queue = CommandQueue(limit: limits.waitingCommands)
        typing = TypingThrottle(limit: limits.typingPairs)
        parts = DeskParts(
            policy: policy,
            limits: limits,
            clock: clock,
            head: position.head,
            random: random,
            hash: hash
        )
        let loop = DeskLoop(
            store: store,
            queue: queue,
            parts: parts,
            readers: readers,
            logger: logger,
            from: start,
            onFatal: onFatal,
            onEnd: { [weak self] in self?.noteEnd() }
        )
        if startsThread {
            DeskThread.start(loop, sleepingOn: queue)
        } else {
            ownersLoop.withLock { $0 = loop }
        }
    }

    /// Keeps the first rules of a new store.
    private static func keepFirst(
        _ change: PolicyChange,
        _ store: any Store,
        at moment: Timestamp,
        _ hash: @escaping AuditHash
    ) throws(StoreError) {
        let isKept = try store.read { reading throws(StoreError) in
            try reading.currentPolicy() != nil
        }
        guard !isKept else { return }
        try store.transact { transaction throws(StoreError) in
            var log = try LogWriter(transaction, hash: hash)
            let entry = try log.append(change.applied(as: 1, by: .desk, at: moment))
            try log.finish()
            let record = change.record(of: 1, by: .desk, at: moment, offset: entry.offset)
            try transaction.write(.policy(record), at: moment)
        }
    }

    // MARK: Commands

    /// Hands a submission to the writer.
    ///
    /// The completion is called exactly once: on the writer's thread after the commit, or at once
    /// on the calling thread where the desk takes nothing.
    package func submit(
        _ submission: Submission,
        completion: @escaping @Sendable (Reply) -> Void
    ) {
        submit(.submission(submission, completion))
    }

    private func submit(_ waiting: Waiting) {
        switch queue.add(.submissions(waiting)) {
        case .admitted: return
        case .full: waiting.complete(with: .unavailable(.overloaded))
        case .closed: waiting.complete(with: .unavailable(.stopped))
        }
    }

    /// Hands a submission to the writer and waits for its answer.
    package func submit(_ submission: Submission) async -> Reply {
        // Every completion is called exactly once, so that checking it would only cost time.
        await unsafe withUnsafeContinuation { continuation in
            submit(submission) { unsafe continuation.resume(returning: $0) }
        }
    }

    /// Hands submissions to the writer, which takes them into one transaction, and waits for the
    /// answers: one each, in order.
    ///
    /// None of them changes who may sign in: what takes access away must find room on a full disk,
    /// which a group does not.
    package func submit(_ group: SubmissionGroup) async -> [Reply] {
        guard !group.submissions.isEmpty else { return [] }
        return await withCheckedContinuation { continuation in
            submit(.group(group, { continuation.resume(returning: $0) }))
        }
    }

    /// Lets the writer look at the clock, for whoever sets the clock.
    package func wake() { queue.wake() }

    /// Does everything that waits and is due, where the writer has no thread of its own; nothing
    /// where it has one.
    package func takeTurns() {
        ownersLoop.withLock { loop in
            while let pause = loop?.turn() {
                if pause > .zero { return }
            }
        }
    }

    /// How many sessions are kept in memory, since the disk has had no room for them.
    package var unwrittenSessionCount: Int { parts.unwritten.count }

    /// What the desk can do now.
    package var condition: DeskCondition {
        parts.condition.condition(at: parts.clock.now())
    }

    /// Takes nothing more, answers what waits, and returns when the writer's thread has ended.
    ///
    /// The store stays open; whoever opened it closes it.
    package func stop() async {
        parts.condition.noteStop()
        queue.close()
        await withCheckedContinuation { continuation in
            let isOver = hasEnded.withLock { end in
                if !end.isOver { end.waiters.append(continuation) }
                return end.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    private func noteEnd() {
        let waiters = hasEnded.withLock { end in
            end.isOver = true
            defer { end.waiters = [] }
            return end.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Makes a consistent copy of the store as a new file, while the desk goes on.
    ///
    /// Copying takes turns with the commands; verifying what was copied and making it durable
    /// happens beside them.
    ///
    /// - Throws: Why there is no copy; no file is left at the path then.
    package func backUp(to path: String) async throws(BackupError) {
        let result: BackupResult = await withCheckedContinuation { continuation in
            let work = WaitingWork.backup(path) { continuation.resume(returning: $0) }
            switch queue.add(work) {
            case .admitted: return
            case .full: continuation.resume(returning: .failure(.unavailable(.overloaded)))
            case .closed: continuation.resume(returning: .failure(.unavailable(.stopped)))
            }
        }
        try result.get()
    }

    /// Does something that waits for a disk, such as reading a copy, on a thread that may wait.
    package func besideLoops<Result: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await readers.run(body)
    }

    /// Does something with the content of an attachment on a thread that may wait for a disk.
    package func onFileThread<Result: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await fileThreads.run(body)
    }

    // MARK: Feeds

    /// Makes a hub, which wakes the subscriptions of one executor.
    ///
    /// `execute` runs a closure on that executor. It is called on the writer's thread, at most once
    /// for each commit and each typing signal.
    package func makeHub(
        execute: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void
    ) -> FeedHub {
        let hub = FeedHub(execute: execute)
        parts.publisher.add(hub)
        return hub
    }

    /// Where the log stands, as its readers see it.
    package var position: LogPosition {
        LogPosition(epoch: epoch, floor: floor, head: parts.publisher.tail.head)
    }

    /// Begins a principal's feed.
    ///
    /// - Throws: Why a cursor is no longer of use.
    package func subscribe(
        as principal: Principal,
        from start: FeedStart,
        on hub: FeedHub
    ) throws(ResyncReason) -> FeedSubscription {
        let position = position
        let offset: UInt64
        switch start {
        case .now: offset = position.head
        case .beginning: offset = position.floor
        case .after(let cursor):
            guard cursor.epoch == position.epoch else { throw .epochChanged }
            guard cursor.offset >= position.floor else { throw .belowFloor }
            guard cursor.offset <= position.head else { throw .aboveHead }
            offset = cursor.offset
        }
        let feed = Feed(
            store: store,
            readers: readers,
            tail: parts.publisher.tail,
            policy: parts.policy,
            clock: parts.clock,
            limits: limits
        )
        return FeedSubscription(
            of: principal,
            from: offset,
            epoch: position.epoch,
            feed: feed,
            hub: hub
        )
    }

    /// Passes on that a principal is typing in a conversation, or drops it where one signal passed
    /// within the last 3 seconds.
    ///
    /// It is kept nowhere.
    ///
    /// - Throws: `QueryError.notFound` where the principal may not see the conversation.
    package func signalTyping(
        of principal: Principal,
        in conversation: ConversationID
    ) async throws(QueryError) {
        let now = parts.clock.now()
        let visible = try await visibleConversation(conversation, to: principal)
        guard let id = principal.id, typing.passes(id, in: conversation, at: now) else { return }
        parts.publisher.pass(
            PassingSignal(
                content: FeedSignal(
                    event: Self.typingEvent(by: principal, in: conversation, at: now),
                    end: now + DeskTimes.typingValidity
                ),
                author: id,
                contact: visible.contact.id,
                channel: visible.channel,
                isInternal: visible.isInternal
            )
        )
    }
}
