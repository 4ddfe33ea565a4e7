public import DocketClient
public import DocketCommandLine

/// Follows one conversation and posts to it, and tells a face of everything.
///
/// What is said leaves in its order, one message at a time: the next is sent when the one before
/// has its verdict.
public actor ConversationSession {
    /// What a session is told.
    public struct Options: Sendable {
        /// Where the feed begins.
        ///
        /// History is shown only where it begins now.
        public var start: FeedStart
        /// Events of the history shown at the start, 0 to 200.
        public var historyLimit: Int
        /// How long a message is tried.
        public var postLimit: Duration
        /// Whether the peer is told what the reader has seen.
        public var marksRead: Bool
        /// Whether the other side is told while something is being typed.
        public var tellsTyping: Bool

        /// Options of a session.
        public init(
            start: FeedStart = .now,
            historyLimit: Int = 50,
            postLimit: Duration = DocketClient.defaultLimit,
            marksRead: Bool = true,
            tellsTyping: Bool = true
        ) {
            self.start = start
            self.historyLimit = historyLimit
            self.postLimit = postLimit
            self.marksRead = marksRead
            self.tellsTyping = tellsTyping
        }
    }

    /// What a session is about, once there is a connection.
    public struct Subject: Sendable {
        let conversation: Conversation
        let request: SupportRequest?
        let answered: AnsweredRequest?

        /// Names a conversation of which the newest request gets what is said.
        ///
        /// - Parameters:
        ///   - conversation: The conversation.
        ///   - request: The request that the status line tells of at first.
        public init(_ conversation: Conversation, newest request: SupportRequest?) {
            self.conversation = conversation
            self.request = request
            answered = nil
        }

        /// Names a conversation and the one request of it that gets what is said.
        ///
        /// - Parameters:
        ///   - conversation: The conversation.
        ///   - request: The request as it is.
        ///   - answered: The request, which may become another on the way.
        public init(
            _ conversation: Conversation,
            answering request: SupportRequest,
            _ answered: AnsweredRequest
        ) {
            self.conversation = conversation
            self.request = request
            self.answered = answered
        }
    }

    /// How a part of a session ends.
    enum End: Error {
        case finished
        /// Because another part has ended, which tells more.
        case cancelled
        case failed(CommandFailure)
    }

    /// Messages that may wait to be sent.
    ///
    /// A person never gets there; a runaway script is told.
    static let maximumWaiting = 1_000
    /// The time between two looks at what changes by time alone.
    private static let tickInterval = Duration.seconds(1)

    /// Keeps that a conversation has been read up to an offset, so that the server hears of it.
    public typealias Marking =
        @Sendable (Conversation, _ upTo: UInt64) async throws(DocketClientError) -> Void

    let client: DocketClient
    let outlet: any MessageOutlet
    private let mark: Marking
    private let known: Known?
    private let open: @Sendable () async throws(CommandFailure) -> Subject
    private let explain: @Sendable (DocketClientError) -> CommandFailure
    let options: Options
    let face: any ConversationFace
    let said = Conveyor<Outgoing>(holding: ConversationSession.maximumWaiting)
    let kept = Conveyor<Sent>(holding: .max)
    private(set) var conversation: Conversation?
    private(set) var answered: AnsweredRequest?
    /// What was said and has not left for the outlet yet, in its order.
    var unsaid: [MessageID] = []
    var unsettled: Set<MessageID> = []
    var status = ExitStatus.done
    private var markedOffset: UInt64 = 0
    /// How far what was known before the connection reaches.
    private var shownUpTo: UInt64 = 0
    var typingSentAt: ContinuousClock.Instant?
    /// Whether requests began or were merged since the server last said which is the newest.
    private var isNewestUncertain = false

    /// A session that has not begun.
    ///
    /// - Parameters:
    ///   - client: The connection.
    ///   - face: Where the conversation is shown.
    ///   - options: What the session is told.
    ///   - known: What is known before there is a connection: it is shown at once, and what is said
    ///     need not wait for the connection.
    ///   - outlet: Takes what is said; nil for the connection alone, which gives up what has no
    ///     verdict in time.
    ///   - mark: Keeps what has been read; without it the client does.
    ///   - explain: Says how the command ends because of an error, and what to do.
    ///   - open: Finds the conversation, once there is a connection.
    public init(
        _ client: DocketClient,
        face: any ConversationFace,
        options: Options = Options(),
        known: Known? = nil,
        outlet: (any MessageOutlet)? = nil,
        mark: @escaping Marking = ConversationSession.mark,
        explain: @escaping @Sendable (DocketClientError) -> CommandFailure = { CommandFailure($0) },
        open: @escaping @Sendable () async throws(CommandFailure) -> Subject
    ) {
        self.client = client
        self.face = face
        self.options = options
        self.known = known
        self.outlet = outlet ?? ConnectionOutlet(client)
        self.mark = mark
        self.explain = explain
        self.open = open
    }

    /// Runs until `input` is done and everything it said has a verdict, or nothing can follow.
    ///
    /// - Parameter input: Says things, until it returns.
    /// - Returns: How the command ends.
    /// - Throws: `CommandFailure` where the session cannot go on.
    public func run(
        input: @escaping @Sendable (ConversationSession) async throws -> Void
    ) async throws(CommandFailure) -> ExitStatus {
        let end = await withTaskGroup(of: End.self) { group in
            group.addTask { await self.end { try await self.watchConnection() } }
            group.addTask { await self.end { try await self.tick() } }
            group.addTask { await self.end { try await self.converse() } }
            group.addTask {
                await self.end {
                    try await input(self)
                    await self.handOverRest()
                }
            }
            defer { group.cancelAll() }
            for await end in group {
                if case .cancelled = end { continue }
                return end
            }
            return .finished
        }
        // What was shown last has been read too.
        await markRead()
        await giveUpUnsaid()
        await face.ended()
        if case .failed(let failure) = end { throw failure }
        return !unsettled.isEmpty && status == .done ? .unconfirmed : status
    }

    private nonisolated func end(of part: () async throws -> Void) async -> End {
        do {
            try await part()
            return .finished
        } catch let end as End {
            return end
        } catch let error as DocketClientError where error.code == .needsLogin {
            return .failed(explain(error))
        } catch is CancellationError {
            return .cancelled
        } catch {
            return CommandFailure(endingWith: error).map(End.failed) ?? .finished
        }
    }

    // MARK: Following

    private func watchConnection() async throws {
        for await state in client.states {
            try await face.connectionChanged(state)
            if case .needsLogin(let error) = state { throw error }
        }
    }

    private func tick() async throws {
        while true {
            try await Task.sleep(for: Self.tickInterval)
            try await face.tick()
            try await showWaiting()
            await markRead()
        }
    }

    /// Opens the conversation, then posts and follows at the same time.
    private func converse() async throws {
        if let known { return try await converse(from: known) }
        let subject = try await open()
        let conversation = subject.conversation
        self.conversation = conversation
        answered = subject.answered
        try await face.opened(
            as: client.identity,
            request: subject.request,
            answers: answered != nil
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.postAll(to: conversation) }
            group.addTask { try await self.follow(conversation) }
            if let answered { group.addTask { try await self.showTurns(of: answered) } }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Shows what is known and posts at once, and follows when there is a connection.
    private func converse(from known: Known) async throws {
        conversation = known.conversation
        try await face.opened(as: known.reader, request: nil, answers: false)
        if options.historyLimit > 0 {
            try await face.showHistory(known.page, earlier: known.earlier)
            shownUpTo = known.page.events.last?.offset ?? 0
        }
        try await face.waiting(known.queued)
        try await withThrowingTaskGroup(of: Void.self) { group in
            // What it looks for is not needed now: its end is no end of the session.
            let look = Task { try await self.look(at: known.conversation) }
            defer { look.cancel() }
            group.addTask { try await self.postAll(to: known.conversation) }
            group.addTask { try await self.followWhenOpen() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Looks at what this machine holds of the conversation: what is missing there is fetched while
    /// somebody does, and is known the next time, also without a server.
    private func look(at conversation: Conversation) async throws {
        let length = max(1, options.historyLimit) + ConversationView.mostCounted
        for try await view in conversation.timeline(limit: length) {
            let isMissing = view.items.contains { if case .missing = $0 { true } else { false } }
            guard isMissing || view.conversation == nil else { return }
        }
    }

    private func followWhenOpen() async throws {
        let subject = try await open()
        try await face.opened(as: client.identity, request: subject.request, answers: false)
        try await follow(subject.conversation)
    }

    private func follow(_ conversation: Conversation) async throws {
        var start = options.start
        while true {
            do {
                for try await update in conversation.updates(from: start) {
                    try await tell(update, of: conversation)
                }
                return
            } catch let error as DocketClientError where error.code == .resyncRequired {
                try await face.resynced(because: error)
                shownUpTo = 0
                start = .after(try await client.snapshot().cursor)
            }
        }
    }

    private func tell(_ update: FeedUpdate, of conversation: Conversation) async throws {
        // The feed is open before the history is read, so nothing falls between the two; what is
        // in both is told apart by its offset.
        if case .started = update.content, options.historyLimit > 0 {
            let page = try await conversation.history(.newest, limit: options.historyLimit)
            try await face.showHistory(page, earlier: await earlier(than: page, of: conversation))
            if page.events.contains(where: \.changesNewest) { isNewestUncertain = true }
        }
        try await face.apply(update)
        if case .caughtUp = update.content, answered == nil, isNewestUncertain {
            try await showNewest()
        }
        guard case .event(let event) = update.content else { return }
        if event.changesNewest { isNewestUncertain = true }
        if answered == nil, case .merged(let survivor, _) = event.fact {
            try await showSurvivor(survivor.id)
        } else if let next = answered?.follow(event) {
            await arrive(at: next)
        }
    }

    /// Shows the newest request as it is: what the feed repeats was told of others, long ago.
    private func showNewest() async throws {
        let subject: Subject
        do throws(CommandFailure) {
            subject = try await open()
        } catch {
            // The line learns the rest from the next events.
            return
        }
        isNewestUncertain = false
        try await face.opened(as: client.identity, request: subject.request, answers: false)
    }

    /// Shows who has the request that has a merged one's content: no event of the merge says so.
    private func showSurvivor(_ id: RequestID) async throws {
        let request: SupportRequest
        do throws(DocketClientError) {
            request = try await client.requests.get(id)
        } catch {
            // The line learns the rest from the next events.
            return
        }
        try await face.turned(to: request)
    }

    /// Reads the request that has the answered one's content, for the status line.
    private func arrive(at id: RequestID) async {
        do throws(DocketClientError) {
            answered?.arrive(at: try await client.requests.get(id))
        } catch {
            // What is said goes there already; the line learns the rest from the next events.
        }
    }

    private func showTurns(of answered: AnsweredRequest) async throws {
        for await request in answered.turns { try await face.turned(to: request) }
    }

    /// How many messages stand between what was shown and a page; nil where that is not known.
    private func earlier(than page: HistoryPage, of conversation: Conversation) async -> Int? {
        guard page.hasMore else { return nil }
        do throws(DocketClientError) {
            return try await conversation.messageCount(
                after: shownUpTo,
                before: page.range.lowerBound,
                atMost: ConversationView.mostCounted
            )
        } catch {
            // The line does without the number.
            return nil
        }
    }

    // MARK: Telling

    /// Keeps what has been read with the session's own client.
    public static let mark: Marking = { (conversation, offset) async throws(DocketClientError) in
        try await conversation.markRead(upTo: offset)
    }

    /// Says that the reader is typing, unless it was said a moment ago or nobody is to know.
    public func typing() async {
        guard options.tellsTyping, answered?.isInternal != true else { return }
        let now = ContinuousClock.now
        guard let conversation, typingSentAt.map({ now - $0 >= TypingSignal.interval }) ?? true
        else { return }
        typingSentAt = now
        await conversation.typing()
    }

    private func markRead() async {
        guard options.marksRead, let conversation, let shown = await face.shownOffset,
            shown > markedOffset
        else { return }
        markedOffset = shown
        do throws(DocketClientError) {
            try await mark(conversation, shown)
        } catch {
            // It is not kept, as on a full disk. The next look tries again; a mark that is late
            // harms nobody.
            markedOffset = 0
        }
    }
}

extension Event {
    /// Whether another request may be the newest of its conversation after it.
    fileprivate var changesNewest: Bool {
        fact.requestUpdates.contains { change in
            switch change {
            case .opened, .merged: true
            case .said, .status, .assignee, .title, .topic, .watcher: false
            }
        }
    }
}
